package dev.sandgate.bench.sandbox.mcp;

/** A session of HTTP+SSE: it lives as long as its one stream. */
final class SseSession extends Session {

    private final SseOutlet outlet;

    SseSession(String id, House house, Sse sse) {
        super(id, house);
        this.outlet = new SseOutlet(sse, false);
    }

    @Override
    public SseOutlet events() {
        return outlet;
    }

    @Override
    void end() {
        outlet.sse().end();
    }
}
