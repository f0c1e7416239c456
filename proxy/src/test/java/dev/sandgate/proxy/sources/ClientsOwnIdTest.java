package dev.sandgate.proxy.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids that clients make: in the query, the path, the host; and the caller itself. */
final class ClientsOwnIdTest {

    private static final AffinityConfig HEADER = new AffinityConfig.Header("X-Session-Id", false);
    private static final AffinityConfig QUERY = new AffinityConfig.Query("sid");
    private static final AffinityConfig PATH = new AffinityConfig.Path("/s/");
    private static final AffinityConfig HOST = new AffinityConfig.Host(false, ".apps.example.com");
    private static final AffinityConfig PORT = new AffinityConfig.Host(true, ".apps.example.com");
    private static final AffinityConfig PRINCIPAL = new AffinityConfig.Principal("X-Forwarded-User");
    private static final String SESSION = "X-Session-Id: ";
    private static final String USER = "X-Forwarded-User: ";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private DoorPlan plan(AffinityConfig... sources) {
        return DoorPlan.to(kit.instance(), kit.instance(), kit.instance())
                .debug()
                .affinity(sources);
    }

    private static String reason(Answer answer) {
        return answer.fields().first("X-Sandgate-Reason").orElse("none");
    }

    @Test
    void isOneSessionHoweverTheQueryWritesIt() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance, kit.instance()).debug().affinity(QUERY));
        Set<String> homes = new HashSet<>();
        for (String target : List.of(
                "/?sid=a-b", "/?sid=a%2Db", "/x?y=1&sid=%61-%62&z", "/?&&sid=a-b&", "/?s%69d=a-b", "/?SID=c&sid=a-b")) {
            Answer answer = Ask.get(door, target);
            homes.add(Ask.instance(answer));
            assertThat(answer.body()).isEqualTo("GET " + target);
        }
        assertThat(homes).hasSize(1);
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?sid=a&sid=b",
                "/?sid=a&sid=a",
                "/?sid=a&x=1&s%69d=a",
                "/?sid&sid=a",
                "/?sid=",
                "/?sid",
                "/?x=1&sid",
                "/?sid=%zz",
                "/?sid=%6",
                "/?sid=%",
                "/?sid=a%20b",
                "/?sid=a%00",
                "/?sid=%C3%A9",
                "/?sid=%FF"
            })
    void isRefusedWhereTheQueryMalformsIt(String target) {
        TestDoor door = kit.open(plan(QUERY));
        assertThat(Ask.told(Ask.get(door, target))).isEqualTo("400 session-malformed");
        door.awaitRest();
        assertThat(door.vitals().sessions()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/?", "/?x=sid=a", "/?xsid=a", "/?sidx=a", "/?sid%3Da", "/sid=a", "/?%zz=a"})
    void isNotThereWhereTheQueryDoesNotNameIt(String target) {
        TestDoor door = kit.open(plan(QUERY));
        Answer answer = Ask.get(door, target);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(reason(answer)).isEqualTo("spread");
    }

    @Test
    void isAPathSegmentWithAndWithoutMore() {
        TestDoor door = kit.open(plan(PATH));
        Set<String> homes = new HashSet<>();
        for (String target : List.of(
                "/s/alice/",
                "/s/alice",
                "/s/alice?x=/y",
                "/s/alice/x/y/?z",
                "/s/%61lice/",
                "//s//alice/",
                "/s/alice;v=1/")) {
            Answer answer = Ask.get(door, target);
            assertThat(answer.body()).isEqualTo("GET " + target);
            homes.add(Ask.instance(answer));
        }
        assertThat(homes).hasSize(1);
        assertThat(door.vitals().sessions()).isEqualTo(1);
        Ask.get(door, "/s/Alice/");
        assertThat(door.vitals().sessions()).isEqualTo(2);
        for (String target : List.of("/s/", "/s", "/", "/x/s/alice/", "/sx/alice/")) {
            assertThat(reason(Ask.get(door, target))).as(target).isEqualTo("spread");
        }
        assertThat(Ask.told(Ask.get(door, "/s/a%20b/"))).isEqualTo("400 session-malformed");
        assertThat(Ask.told(Ask.get(door, "/s/%C3%A9/"))).isEqualTo("400 session-malformed");
    }

    @Test
    void isALabelOfTheHost() {
        TestDoor door = kit.open(plan(HOST));
        Set<String> homes = new HashSet<>();
        for (String host : List.of(
                "alice.apps.example.com",
                "ALICE.Apps.Example.com",
                "alice.apps.example.com:8080",
                "alice.apps.example.com.")) {
            homes.add(Ask.instance(Ask.getAt(host, door, "/")));
        }
        assertThat(homes).hasSize(1);
        assertThat(door.vitals().sessions()).isEqualTo(1);
        Ask.getAt("8080-alice.apps.example.com", door, "/");
        assertThat(door.vitals().sessions()).isEqualTo(2);
        for (String host :
                List.of("apps.example.com", "x.alice.apps.example.com", "alice.apps.example.org", "a.test")) {
            assertThat(reason(Ask.getAt(host, door, "/"))).as(host).isEqualTo("spread");
        }
    }

    @Test
    void reachesAPortOfItsInstanceThatThePoolOpens() {
        RecordingInstance main = kit.instance();
        RecordingInstance side = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(main)
                .debug()
                .main(pool -> pool.ports(side.port(), side.port()))
                .affinity(PORT, HEADER));
        Answer answer = Ask.getAt(side.port() + "-alice.apps.example.com", door, "/side");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(Ask.instance(answer)).isEqualTo("127.0.0.1:" + main.port());
        assertThat(side.requests()).hasSize(1);
        assertThat(main.requests()).isEmpty();
        for (String port : List.of(String.valueOf(main.port()), "0", "1", "22", "65536", "99999", "00000")) {
            Answer refused = Ask.getAt(port + "-alice.apps.example.com", door, "/");
            assertThat(Ask.told(refused)).as(port).isEqualTo("403 forbidden");
            refused = Ask.getAt(port + "-bob.apps.example.com", door, "/");
            assertThat(Ask.told(refused)).as(port).isEqualTo("403 forbidden");
        }
        assertThat(side.requests()).hasSize(1);
        assertThat(main.requests()).isEmpty();
        door.awaitRest();
        assertThat(door.vitals().sessions()).isEqualTo(1);
        assertThat(Ask.get(door, "/", SESSION + "alice").status()).isEqualTo(200);
        assertThat(main.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "-alice", "8080-", "x-alice", "80a-alice", "123456-alice", "8080_alice", "8080"})
    void isRefusedWhereTheHostsLabelIsNoPortAndSession(String label) {
        TestDoor door = kit.open(plan(PORT).main(pool -> pool.ports(1, 65535)));
        assertThat(Ask.told(Ask.getAt(label + ".apps.example.com", door, "/"))).isEqualTo("400 session-malformed");
        door.awaitRest();
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void keepsItsInstanceThoughAPortOfItIsClosed() {
        RecordingInstance side = kit.instance();
        DeadInstance dead = kit.own(DeadInstance.refusing());
        int closed = dead.address().getPort();
        TestDoor door = kit.open(plan(PORT).main(pool -> pool.ports(1, 65535)));
        Answer first = Ask.getAt(side.port() + "-alice.apps.example.com", door, "/");
        for (int i = 0; i < 5; i++) {
            assertThat(Ask.told(Ask.getAt(closed + "-alice.apps.example.com", door, "/")))
                    .isEqualTo("503 instance-unreachable");
            Answer later = Ask.getAt(side.port() + "-alice.apps.example.com", door, "/");
            assertThat(later.status()).isEqualTo(200);
            assertThat(Ask.instance(later)).isEqualTo(Ask.instance(first));
        }
        assertThat(Ask.told(Ask.getAt(closed + "-bob.apps.example.com", door, "/")))
                .isEqualTo("502 instance-unreachable");
        door.awaitRest();
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void isTheCallerThatATrustedProxyNames() {
        RecordingInstance[] instances = {kit.instance(), kit.instance()};
        TestDoor door =
                kit.open(DoorPlan.to(instances).debug().trusting("127.0.0.1").affinity(PRINCIPAL));
        Answer alice = Ask.get(door, "/", USER + "alice");
        Answer bob = Ask.get(door, "/", USER + "bob");
        assertThat(Ask.instance(bob)).isNotEqualTo(Ask.instance(alice));
        for (int i = 0; i < 5; i++) {
            assertThat(Ask.instance(Ask.get(door, "/", USER + "alice"))).isEqualTo(Ask.instance(alice));
            assertThat(Ask.instance(Ask.get(door, "/", USER + "bob"))).isEqualTo(Ask.instance(bob));
        }
        assertThat(door.vitals().sessions()).isEqualTo(2);
        for (RecordingInstance instance : instances) {
            assertThat(instance.awaitRequest().fields().has("X-Forwarded-User")).isTrue();
        }
        assertThat(Ask.told(Ask.get(door, "/", USER + "alice", USER + "bob"))).isEqualTo("400 session-malformed");
        assertThat(reason(Ask.get(door, "/"))).isEqualTo("spread");
    }

    @Test
    void isNobodyWhereAStrangerNamesTheCaller() {
        RecordingInstance instance = kit.instance();
        TestDoor door =
                kit.open(DoorPlan.to(instance).debug().trusting("10.0.0.0/8").affinity(PRINCIPAL));
        Answer answer = Ask.get(door, "/", USER + "alice", "x-forwarded-user: bob", "X_Forwarded_User: eve");
        assertThat(reason(answer)).isEqualTo("spread");
        assertThat(instance.awaitRequest().fields().list())
                .noneMatch(
                        field -> field.name().toLowerCase(java.util.Locale.ROOT).matches("x.forwarded.user"));
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void isTwoSessionsOfTwoPrincipals() {
        TestDoor door = kit.open(plan(HEADER, PRINCIPAL).trusting("127.0.0.1"));
        Answer alice = Ask.get(door, "/", SESSION + "same", USER + "alice");
        Answer bob = Ask.get(door, "/", SESSION + "same", USER + "bob");
        Answer nobody = Ask.get(door, "/", SESSION + "same");
        assertThat(Set.of(Ask.instance(alice), Ask.instance(bob), Ask.instance(nobody)))
                .hasSize(3);
        assertThat(door.vitals().sessions()).isEqualTo(3);
        assertThat(Ask.instance(Ask.get(door, "/", SESSION + "same", USER + "alice")))
                .isEqualTo(Ask.instance(alice));
    }

    @Test
    void ofOurCookieDoesNotExistForAnotherPrincipal() {
        CookieKey key = new CookieKey("k1", "a secret of 32 characters, or so.");
        TestDoor door = kit.open(plan(new AffinityConfig.Cookie("sid", false, List.of(key)), PRINCIPAL)
                .trusting("127.0.0.1"));
        Answer nobody = Ask.get(door, "/");
        String cookie = "Cookie: " + Ask.cookie(nobody);
        Answer bob = Ask.get(door, "/", USER + "bob", cookie);
        assertThat(bob.status()).isEqualTo(200);
        assertThat(reason(bob)).isEqualTo("new");
        assertThat(Ask.instance(bob)).isNotEqualTo(Ask.instance(nobody));
        // the cookie counts as absent: so it is the caller's own session, and no new one each time
        assertThat(Ask.instance(Ask.get(door, "/", USER + "bob"))).isEqualTo(Ask.instance(bob));
        assertThat(reason(Ask.get(door, "/", USER + "bob", cookie))).isEqualTo("kept");
        assertThat(reason(Ask.get(door, "/", cookie))).isEqualTo("kept");
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }

    @Test
    void isReadFromTheNextSourceWhereNobodyKnowsTheFirst() {
        TestDoor door = kit.open(plan(new AffinityConfig.Cookie("app", true, List.of()), HEADER));
        String stale = "Cookie: app=stale";
        assertThat(reason(Ask.get(door, "/", stale, SESSION + "alice"))).isEqualTo("new");
        assertThat(reason(Ask.get(door, "/", stale, SESSION + "alice"))).isEqualTo("kept");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void isReadFromTheFirstSourceThatIsPresent() {
        TestDoor door = kit.open(plan(QUERY, HEADER, PATH, HOST));
        Answer byQuery = Ask.get(door, "/?sid=one");
        Answer byHeader = Ask.get(door, "/", SESSION + "two");
        Answer byPath = Ask.get(door, "/s/three/");
        assertThat(Ask.instance(Ask.getAt("four.apps.example.com", door, "/s/three/?sid=one", SESSION + "two")))
                .isEqualTo(Ask.instance(byQuery));
        assertThat(Ask.instance(Ask.getAt("four.apps.example.com", door, "/s/three/", SESSION + "two")))
                .isEqualTo(Ask.instance(byHeader));
        assertThat(Ask.instance(Ask.getAt("four.apps.example.com", door, "/s/three/")))
                .isEqualTo(Ask.instance(byPath));
        assertThat(door.vitals().sessions()).isEqualTo(3);
        Ask.getAt("four.apps.example.com", door, "/");
        assertThat(door.vitals().sessions()).isEqualTo(4);
    }

    @Test
    void isTwoSessionsByHeaderAndByQuery() {
        TestDoor door = kit.open(plan(HEADER, QUERY));
        Answer header = Ask.get(door, "/", SESSION + "same");
        Answer query = Ask.get(door, "/?sid=same");
        assertThat(Ask.instance(query)).isNotEqualTo(Ask.instance(header));
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }
}
