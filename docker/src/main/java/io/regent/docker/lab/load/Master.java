package io.regent.docker.lab.load;

import io.regent.sql.session.ServerAddress;

/**
 * What a coordinator says about the master.
 *
 * @param region its region
 * @param mysql where its server listens
 * @param epoch number of the mastership
 */
public record Master(String region, ServerAddress mysql, long epoch) {}
