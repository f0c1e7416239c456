package dev.sandgate.proxy.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.conf.SessionsConfig.OnLost;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our own cookie: sealed, between the client and the door alone. */
final class CookieTest {

    private static final CookieKey OLD = new CookieKey("k1", "an old secret of 32 characters ok");
    private static final CookieKey NEW = new CookieKey("k2", "a new secret of 32 characters, ok");
    private static final String HTTPS = "X-Forwarded-Proto: https";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private static AffinityConfig sid(CookieKey... keys) {
        return new AffinityConfig.Cookie("sid", false, List.of(keys));
    }

    private TestDoor door(RecordingInstance... instances) {
        return kit.open(DoorPlan.to(instances).debug().affinity(sid(NEW)));
    }

    @Test
    void isSetOnceWithEveryGuardAndKept() {
        TestDoor door = door(kit.instance(), kit.instance(), kit.instance());
        Answer first = Ask.get(door, "/");
        assertThat(first.fields().all("Set-Cookie"))
                .hasSize(1)
                .allMatch(line -> line.matches("sid=k2\\.[-_A-Za-z0-9]+; Path=/; HttpOnly; SameSite=Lax"));
        for (int again = 0; again < 10; again++) {
            Answer later = Ask.get(door, "/x", "Cookie: " + Ask.cookie(first));
            assertThat(Ask.setsCookie(later)).isFalse();
            assertThat(Ask.instance(later)).isEqualTo(Ask.instance(first));
        }
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void isSecureAndOfThisHostAloneWhereATrustedProxySpeaksHttps() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance(), kit.instance())
                .debug()
                .trusting("127.0.0.1")
                .affinity(sid(NEW)));
        Answer first = Ask.get(door, "/", HTTPS);
        assertThat(first.fields().all("Set-Cookie"))
                .hasSize(1)
                .allMatch(
                        line -> line.matches("__Host-sid=k2\\.[-_A-Za-z0-9]+; Path=/; HttpOnly; SameSite=Lax; Secure"));
        Answer later = Ask.get(door, "/", HTTPS, "Cookie: " + Ask.cookie(first));
        assertThat(Ask.setsCookie(later)).isFalse();
        assertThat(Ask.instance(later)).isEqualTo(Ask.instance(first));
        assertThat(Ask.cookie(Ask.get(door, "/"))).startsWith("sid=");
    }

    @Test
    void isNotSecureBecauseAStrangerSaysSo() {
        assertThat(Ask.cookie(Ask.get(door(kit.instance()), "/", HTTPS))).startsWith("sid=");
    }

    @Test
    void isSecureWhereTheListenerSpeaksTls() throws Exception {
        TestDoor door = kit.open(
                DoorPlan.to(kit.instance()).tls(TlsAsk.certificate()).debug().affinity(sid(NEW)));
        String first = TlsAsk.get(door.port(), "");
        assertThat(first)
                .containsPattern("(?i)\r\nset-cookie: __Host-sid=k2\\.[-_A-Za-z0-9]+; Path=/; HttpOnly;"
                        + " SameSite=Lax; Secure\r\n");
        String value = first.replaceFirst("(?s).*(__Host-sid=[^;]+);.*", "$1");
        assertThat(TlsAsk.get(door.port(), "Cookie: " + value + "\r\n"))
                .startsWith("HTTP/1.1 200")
                .doesNotContainIgnoringCase("set-cookie");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void isTakenOutBeforeTheInstanceSeesItAndOthersAreNot() {
        RecordingInstance instance = kit.instance();
        TestDoor door = door(instance);
        String cookie = Ask.cookie(Ask.get(door, "/first"));
        Answer answer = Ask.get(
                door,
                "/second",
                "Cookie: a=1; " + cookie + "; b=\"2 2\"",
                "Cookie: " + cookie,
                "Cookie: c=3;d=4; sidx=5;xsid=6; SID=7; e",
                "Cookie: f=\u00e9\u00ff;" + cookie + ";g==;");
        assertThat(Ask.setsCookie(answer)).isFalse();
        assertThat(instance.awaitRequest(seen -> seen.target().equals("/second"))
                        .fields()
                        .all("Cookie"))
                .containsExactly("a=1; b=\"2 2\"", "c=3;d=4; sidx=5;xsid=6; SID=7; e", "f=\u00e9\u00ff; g==");
    }

    @Test
    void isTakenOutUnderBothItsNames() {
        RecordingInstance instance = kit.instance();
        TestDoor door =
                kit.open(DoorPlan.to(instance).debug().trusting("127.0.0.1").affinity(sid(NEW)));
        String plain = Ask.cookie(Ask.get(door, "/"));
        String secure = Ask.cookie(Ask.get(door, "/", HTTPS));
        Ask.get(door, "/plain", "Cookie: a=1; " + plain + "; " + secure);
        Ask.get(door, "/secure", HTTPS, "Cookie: " + plain + "; a=1; " + secure);
        for (String target : List.of("/plain", "/secure")) {
            assertThat(instance.awaitRequest(seen -> seen.target().equals(target))
                            .fields()
                            .all("Cookie"))
                    .containsExactly("a=1");
        }
    }

    @Test
    void reachesAnInstanceAsOneLineFromAnHttp2ClientThatSplitsIt() {
        RecordingInstance instance = kit.instance();
        TestDoor door = door(instance);
        String cookie = Ask.cookie(Ask.get(door, "/first"));
        RawHttp2Client client = kit.own(door.connectHttp2());
        int stream = client.open(
                new Fields(List.of(
                        new Fields.Field(":method", "GET"),
                        new Fields.Field(":scheme", "http"),
                        new Fields.Field(":path", "/second"),
                        new Fields.Field(":authority", "a.test"),
                        new Fields.Field("cookie", "a=1"),
                        new Fields.Field("cookie", cookie),
                        new Fields.Field("cookie", "b=2"))),
                true);
        assertThat(client.awaitEnd(stream).fields().has("set-cookie")).isFalse();
        // RFC 9113 section 8.2.3
        assertThat(instance.awaitRequest(seen -> seen.target().equals("/second"))
                        .fields()
                        .all("Cookie"))
                .containsExactly("a=1; b=2");
    }

    @Test
    void cannotBeSetByAnInstance() {
        List<String> theirs = List.of(
                "a=1; Path=/",
                "sid=evil; Path=/",
                "__Host-sid=evil; Secure; Path=/",
                " sid = evil",
                "sid",
                "=sid=evil");
        List<String> others = List.of("sidx=2", "b=\u00e9\u00ff", "c=sid=3");
        String lines = "";
        for (String line : theirs) {
            lines += "Set-Cookie: " + line + "\r\n";
        }
        for (String line : others) {
            lines += "set-cookie: " + line + "\r\n";
        }
        RecordingInstance instance =
                kit.instance().answering(Script.raw("HTTP/1.1 200 OK\r\n" + lines + "Content-Length: 2\r\n\r\nok"));
        TestDoor door = door(instance);
        List<String> first = Ask.get(door, "/").fields().all("Set-Cookie");
        assertThat(first.subList(0, first.size() - 1))
                .containsExactly("a=1; Path=/", "sid", "sidx=2", "b=\u00e9\u00ff", "c=sid=3");
        String ours = first.get(first.size() - 1);
        assertThat(ours).startsWith("sid=k2.");
        assertThat(Ask.get(door, "/", "Cookie: " + ours.split(";", -1)[0])
                        .fields()
                        .all("Set-Cookie"))
                .containsExactly("a=1; Path=/", "sid", "sidx=2", "b=\u00e9\u00ff", "c=sid=3");
    }

    @Test
    void countsAsAbsentWhereOneBitOfItIsFlipped() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance(), kit.instance())
                .debug()
                .main(pool -> pool.perInstance(1000))
                .affinity(sid(NEW)));
        String cookie = Ask.cookie(Ask.get(door, "/"));
        byte[] value = cookie.substring("sid=".length()).getBytes(StandardCharsets.ISO_8859_1);
        int forgeries = 0;
        for (int bit = 0; bit < value.length * 8; bit += 3) {
            byte[] forged = value.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            // a control character is no cookie, and the whole request malformed
            if ((forged[bit / 8] & 0x7f) > 0x20 && forged[bit / 8] != 0x7f) {
                forgeries++;
                Answer answer = Ask.get(door, "/", "Cookie: sid=" + new String(forged, StandardCharsets.ISO_8859_1));
                assertThat(answer.status()).as("bit " + bit).isEqualTo(200);
                assertThat(Ask.cookie(answer)).startsWith("sid=k2.").isNotEqualTo(cookie);
                assertThat(answer.fields().all("X-Sandgate-Reason")).containsExactly("new");
            }
        }
        assertThat(forgeries).isGreaterThan(100);
        assertThat(door.vitals().sessions()).isEqualTo(1 + forgeries);
        assertThat(Ask.setsCookie(Ask.get(door, "/", "Cookie: " + cookie))).isFalse();
    }

    @Test
    void isFoundBehindAnotherOfItsNameThatDoesNotOpen() {
        TestDoor door = door(kit.instance());
        String cookie = Ask.cookie(Ask.get(door, "/"));
        assertThat(Ask.setsCookie(Ask.get(door, "/", "Cookie: sid=tossed; " + cookie)))
                .isFalse();
        assertThat(Ask.setsCookie(Ask.get(door, "/", "Cookie: sid=", "Cookie: sid=k2.AA", "Cookie: " + cookie)))
                .isFalse();
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void outlivesItsKeyWhileThatIsListed() {
        RecordingInstance[] instances = {kit.instance(), kit.instance(), kit.instance()};
        TestDoor door = kit.open(DoorPlan.to(instances)
                .debug()
                .affinity(sid(NEW, OLD))
                .route("/before", "main", sid(OLD))
                .route("/after", "main", sid(NEW)));
        Answer first = Ask.get(door, "/before");
        assertThat(Ask.cookie(first)).startsWith("sid=k1.");
        Answer later = Ask.get(door, "/", "Cookie: " + Ask.cookie(first));
        assertThat(Ask.setsCookie(later)).isFalse();
        assertThat(Ask.instance(later)).isEqualTo(Ask.instance(first));
        Answer afterwards = Ask.get(door, "/after", "Cookie: " + Ask.cookie(first));
        assertThat(afterwards.status()).isEqualTo(200);
        assertThat(Ask.cookie(afterwards)).startsWith("sid=k2.");
    }

    @Test
    void doesNotOpenInAnotherPool() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance())
                .affinity(sid(NEW))
                .pool(PoolPlan.of("other", kit.instance()))
                .route("/other", "other", sid(NEW)));
        String cookie = Ask.cookie(Ask.get(door, "/"));
        Answer elsewhere = Ask.get(door, "/other", "Cookie: " + cookie);
        assertThat(elsewhere.status()).isEqualTo(200);
        assertThat(Ask.cookie(elsewhere)).startsWith("sid=k2.").isNotEqualTo(cookie);
    }

    @Test
    void ofAnExpiredSessionOpensANewOne() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance())
                .debug()
                .main(pool -> pool.idleTimeout(Duration.ofMillis(300)))
                .affinity(sid(NEW)));
        String cookie = Ask.cookie(Ask.get(door, "/"));
        Await.until(() -> door.vitals().sessions() == 0, () -> "the session never expires");
        Answer later = Ask.get(door, "/", "Cookie: " + cookie);
        assertThat(later.status()).isEqualTo(200);
        assertThat(Ask.cookie(later)).startsWith("sid=k2.").isNotEqualTo(cookie);
    }

    @Test
    void ofALostSessionIsTakenBackOnceItsClientWasTold() {
        RecordingInstance[] instances = {kit.instance(), kit.instance()};
        TestDoor door = kit.open(DoorPlan.to(instances)
                .debug()
                .main(pool -> pool.lostAfter(Duration.ofMillis(200)))
                .affinity(sid(NEW)));
        String cookie = Ask.cookie(losing(door, instances));
        List<Answer> told = untilNot503(door, cookie);
        Answer last = told.get(told.size() - 1);
        assertThat(Ask.told(last)).isEqualTo("404 session-lost");
        assertThat(last.fields().all("Set-Cookie")).containsExactly("sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
        assertThat(Ask.cookie(Ask.get(door, "/"))).startsWith("sid=k2.");
    }

    @Test
    void ofALostSessionFindsANewHomeWhereThePoolRebinds() {
        RecordingInstance[] instances = {kit.instance(), kit.instance()};
        TestDoor door = kit.open(DoorPlan.to(instances)
                .debug()
                .main(pool -> pool.lostAfter(Duration.ofMillis(200)).onLost(OnLost.REBIND))
                .affinity(sid(NEW)));
        Answer first = losing(door, instances);
        List<Answer> told = untilNot503(door, Ask.cookie(first));
        Answer last = told.get(told.size() - 1);
        assertThat(last.status()).isEqualTo(200);
        assertThat(Ask.instance(last)).isNotEqualTo(Ask.instance(first));
        Answer later = Ask.get(door, "/", "Cookie: " + Ask.cookie(last));
        assertThat(Ask.instance(later)).isEqualTo(Ask.instance(last));
    }

    /** A session's first answer; its instance dies after it. */
    private static Answer losing(TestDoor door, RecordingInstance... instances) {
        Answer first = Ask.get(door, "/");
        for (RecordingInstance instance : instances) {
            if (Ask.instance(first).endsWith(":" + instance.port())) {
                door.awaitRest();
                instance.close();
            }
        }
        return first;
    }

    private static List<Answer> untilNot503(TestDoor door, String cookie) {
        List<Answer> told = new ArrayList<>();
        Await.until(
                () -> {
                    Answer answer = Ask.get(door, "/", "Cookie: " + cookie);
                    told.add(answer);
                    return answer.status() != 503;
                },
                () -> "never anything but 503");
        return told;
    }
}
