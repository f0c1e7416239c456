package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;

/** The answers to one POST on its own track, which is over after the last; a lost connection does not end it. */
final class TrackAnswers implements Outlet {

    private final Track track;
    private int expected;

    TrackAnswers(Track track, int expected) {
        this.track = track;
        this.expected = expected;
    }

    @Override
    public void say(JsonObject message) {
        track.send(message);
    }

    @Override
    public void answer(JsonObject message) {
        track.send(message);
        drop();
    }

    @Override
    public void drop() {
        expected--;
        if (expected == 0) {
            track.finish();
        }
    }

    @Override
    public void cut() {
        track.cut();
    }

    @Override
    public boolean wanted() {
        return !track.over();
    }
}
