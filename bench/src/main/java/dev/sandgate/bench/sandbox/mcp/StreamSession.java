package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A session of Streamable HTTP: one track for its GET, one for each POST that is answered by a stream. */
final class StreamSession extends Session implements Outlet {

    /** An event that the client had last. */
    record Place(Track track, long number) {}

    private static final String GET = "get";
    private static final int POSTS_KEPT = 32;
    private static final Pattern EVENT_ID = Pattern.compile("(get|post[0-9]{1,9})-([0-9]{1,18})");

    private final Map<String, Track> tracks = new HashMap<>();
    private final Deque<String> posts = new ArrayDeque<>();
    private final Track news = new Track(GET);
    private int posted;

    StreamSession(String id, House house) {
        super(id, house);
        tracks.put(GET, news);
    }

    /** The track of its GET. */
    Track news() {
        return news;
    }

    /** A new track for a POST; the eldest but {@value #POSTS_KEPT} are forgotten. */
    Track post() {
        posted++;
        String name = "post" + posted;
        Track track = new Track(name);
        tracks.put(name, track);
        posts.addLast(name);
        if (posts.size() > POSTS_KEPT) {
            tracks.remove(posts.removeFirst());
        }
        return track;
    }

    /** @throws Declined where no stream of this session has such an event */
    Place after(String lastEventId) {
        Matcher id = EVENT_ID.matcher(lastEventId);
        Track track = id.matches() ? tracks.get(id.group(1)) : null;
        if (track == null) {
            throw Declined.badRequest("Last-Event-ID: " + lastEventId + " is of no stream of this session");
        }
        return new Place(track, Long.parseLong(id.group(2)));
    }

    @Override
    public Outlet events() {
        return this;
    }

    @Override
    public void say(JsonObject message) {
        news.send(message);
    }

    @Override
    public void answer(JsonObject message) {
        news.send(message);
    }

    @Override
    public void cut() {
        news.cut();
    }

    @Override
    void end() {
        List.copyOf(tracks.values()).forEach(Track::finish);
    }
}
