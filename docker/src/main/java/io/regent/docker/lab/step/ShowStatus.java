package io.regent.docker.lab.step;

/** What an operator sees. */
public final class ShowStatus implements Step {
    @Override
    public String title() {
        return "Shows the cluster";
    }

    @Override
    public void run(Stage stage) {
        stage.show("status");
    }
}
