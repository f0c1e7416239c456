package dev.sandgate.bench.sandbox;

/** Answers one path. Called on the sandbox's event loop; the answer may come later. */
@FunctionalInterface
interface Endpoint {

    /**
     * Answers the request, now or later.
     *
     * @throws Refused before anything is answered
     */
    void answer(Visit visit);
}
