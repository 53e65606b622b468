package io.regent.coordinator.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a path answers.
 *
 * @param code 200 yes, 503 no, 400 if the question was not understood
 * @param body becomes JSON
 */
record Answer(int code, Map<String, Object> body) {
    private static final int YES = 200;
    static final int WRONG = 400;
    static final int NO = 503;

    /** Yes, and who says so. */
    static Answer yes(CoordinatorStatus status) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("region", status.identity().region());
        body.put("mysql", status.server().mysql());
        body.put("epoch", status.server().recordedEpoch());
        return new Answer(YES, body);
    }

    /** No, why not, and who is master as far as is known. */
    static Answer no(CoordinatorStatus status, String why) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("reason", why);
        if (status.mastership().master() != null) {
            body.put("master", status.mastership().master());
        }
        return new Answer(NO, body);
    }

    /** The status itself could not be had. */
    static Answer unknown(String why) {
        return new Answer(NO, Map.of("reason", why));
    }

    static Answer wrong(String why) {
        return new Answer(WRONG, Map.of("reason", why));
    }

    boolean isYes() {
        return code == YES;
    }
}
