package dev.sandgate.proxy.admin;

import io.vertx.core.json.JsonObject;

/** An operator's request that is not served: problem details (RFC 9457). Carries no stack. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why, as machines read it. Clients of the data path never see these. */
    enum Why {
        HOST_INVALID(400, "A request needs exactly one valid Host"),
        PARAMETER_INVALID(400, "A parameter is unknown or unfit"),
        UNAUTHENTICATED(401, "This listener asks for its token"),
        FORBIDDEN(403, "This caller may not come in here"),
        PATH_UNKNOWN(404, "Nothing is served at this path"),
        SESSION_UNKNOWN(404, "No live session has this name"),
        DOMAIN_UNKNOWN(404, "There is no domain of this name, or none that this version can read"),
        INSTANCE_UNKNOWN(404, "No pool has an instance with this id"),
        NODE_UNKNOWN(404, "No node of this table has this id"),
        METHOD_REFUSED(405, "This method is not served at this path"),
        INSTANCE_AMBIGUOUS(409, "More than one pool has an instance with this id"),
        DOMAIN_TAKEN(409, "This host is one of the config's routes"),
        DOMAINS_FULL(409, "There are as many domains as there may be"),
        DOMAIN_CHANGED(412, "The domain is not what it was"),
        BODY_REFUSED(
                413,
                "Only POST /sessions/find and PUT /domains/{name} have a body, of a Content-Length of at most 32768 and"
                        + " 49152"),
        BUG(500, "Something went wrong in this node"),
        NODE_UNREACHABLE(502, "The other node does not answer at the address that it tells"),
        TABLE_UNAVAILABLE(503, "The session table does not answer");

        private final int status;
        private final String title;

        Why(int status, String title) {
            this.status = status;
            this.title = title;
        }

        String slug() {
            return Words.of(this);
        }
    }

    private final Why why;
    private final String detail;

    private Refused(Why why, String detail) {
        super(detail, null, false, false);
        this.why = why;
        this.detail = detail;
    }

    static Refused because(Why why) {
        return new Refused(why, why.title);
    }

    /** @param detail what was wrong and what was expected; no id of a session, no token */
    static Refused because(Why why, String detail) {
        return new Refused(why, detail);
    }

    Why why() {
        return why;
    }

    Reply reply() {
        JsonObject body = new JsonObject()
                .put("type", "urn:sandgate:reason:" + why.slug())
                .put("title", why.title)
                .put("status", why.status)
                .put("detail", detail)
                .put("reason", why.slug());
        return new Reply(why.status, "application/problem+json", body.toBuffer());
    }
}
