package dev.sandgate.proxy.features;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.util.NetUtil;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rooms and their chambers: who may know whom. Read from the compiled classes of every room. */
final class RoomRulesTest {

    private static final JavaClasses CLASSES = mainClasses();
    private static final String PROXY = "dev.sandgate.proxy";
    /** Lowest first; the chambers of one line do not know each other. */
    private static final List<List<String>> CHAMBERS = List.of(
            List.of(".fault"),
            List.of(".inbound", ".process"),
            List.of(".forward", ".shelf", ".tls"),
            List.of(".acme", ".identify", ".mcp", ".pool", ".route", ".log", ".meter", ".rewrite"),
            List.of(".request"),
            List.of(".domain"),
            List.of(".admin"),
            List.of(""),
            List.of(".cli"));

    private static JavaClasses mainClasses() {
        // names are enough: the libraries' own classes need not be read
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                // the kit of another room is a test's, too
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("dev.sandgate");
    }

    @Test
    void everyRoomIsHere() {
        for (String room : List.of("conf", "affinity", "policies", "proxy", "bench")) {
            assertThat(CLASSES).as(room).anyMatch(each -> each.getPackageName().startsWith("dev.sandgate." + room));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "conf, 'affinity policies proxy bench'",
        "affinity, 'policies proxy bench'",
        "policies, 'proxy bench'",
        "proxy, bench",
        "bench, 'conf affinity policies proxy'"
    })
    void aRoomKnowsOnlyTheRoomsBelowIt(String room, String above) {
        for (String other : above.split(" ", -1)) {
            noClasses()
                    .that()
                    .resideInAPackage("dev.sandgate." + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.sandgate." + other + "..")
                    .check(CLASSES);
        }
    }

    @Test
    void onlyTheProxyKnowsHttpAndNetty() {
        // How a connection to Redis is encrypted is said in options of the client's sockets.
        DescribedPredicate<JavaClass> options =
                JavaClass.Predicates.belongToAnyOf(NetClientOptions.class, PemTrustOptions.class);
        // How the text of an address becomes bits has nothing to do with connections.
        DescribedPredicate<JavaClass> addresses = JavaClass.Predicates.belongToAnyOf(NetUtil.class);
        noClasses()
                .that()
                .resideInAnyPackage("dev.sandgate.conf..", "dev.sandgate.affinity..", "dev.sandgate.policies..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "io.vertx.core.http..",
                                "io.vertx.core.net..",
                                "io.vertx.ext..",
                                "io.netty..",
                                "java.net.http..")
                        .and(not(options))
                        .and(not(addresses)))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage("dev.sandgate.conf..", "dev.sandgate.affinity..", "dev.sandgate.policies..")
                .and()
                .resideOutsideOfPackage("dev.sandgate.affinity.redis")
                .should()
                .dependOnClassesThat(options)
                .check(CLASSES);
    }

    @Test
    void theAffinityRoomButForRedisTakesOnlyFuturesAndBuffersFromVertx() {
        DescribedPredicate<JavaClass> few =
                JavaClass.Predicates.belongToAnyOf(Future.class, Promise.class, AsyncResult.class, Buffer.class);
        noClasses()
                .that()
                .resideInAPackage("dev.sandgate.affinity..")
                .and()
                .resideOutsideOfPackage("dev.sandgate.affinity.redis")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.vertx..").and(not(few)))
                .check(CLASSES);
    }

    @Test
    void onlyTheTableInRedisKnowsTheRedisClient() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.sandgate.affinity.redis")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.redis..")
                .check(CLASSES);
    }

    @Test
    void aChamberOfTheProxyKnowsOnlyTheChambersBelowIt() {
        for (int level = 0; level < CHAMBERS.size(); level++) {
            for (String chamber : CHAMBERS.get(level)) {
                List<String> beyond = new ArrayList<>();
                CHAMBERS.get(level).stream()
                        .filter(beside -> !beside.equals(chamber))
                        .forEach(beyond::add);
                CHAMBERS.subList(level + 1, CHAMBERS.size()).forEach(beyond::addAll);
                String[] packages = beyond.stream().map(name -> PROXY + name).toArray(String[]::new);
                if (packages.length > 0) {
                    noClasses()
                            .that()
                            .resideInAPackage(PROXY + chamber)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(packages)
                            .check(CLASSES);
                }
            }
        }
    }

    @Test
    void everyChamberOfTheProxyHasItsPlaceInTheOrder() {
        Set<String> known = new TreeSet<>();
        CHAMBERS.forEach(level -> level.forEach(chamber -> known.add(PROXY + chamber)));

        assertThat(mainPackages()).filteredOn(name -> name.startsWith(PROXY)).isSubsetOf(known);
    }

    @Test
    void nobodySleepsOnAThread() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .check(CLASSES);
    }

    @Test
    void theDataPathDoesNoBlockingIo() {
        noClasses()
                .that()
                .resideInAPackage(PROXY + "..")
                .and()
                // certificates and what stands on shelves are files of worker threads
                .resideOutsideOfPackages(PROXY + ".cli", PROXY + ".process", PROXY + ".shelf", PROXY + ".tls")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.(net\\.(Socket|ServerSocket|HttpURLConnection|URLConnection)|nio\\.file\\.Files"
                                + "|io\\.(File\\w*Stream|File(Reader|Writer)|RandomAccessFile))")
                .check(CLASSES);
    }

    @Test
    void onlyPoolsAndTheDoorKnowProcesses() {
        noClasses()
                .that()
                .resideInAPackage(PROXY + "..")
                .and()
                // the shelf has files in the state folder too, and tells what is wrong with them in the same words
                .resideOutsideOfPackages(PROXY, PROXY + ".pool", PROXY + ".process", PROXY + ".shelf")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(PROXY + ".process")
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItsRoomIsForAndIsNullMarked() {
        for (String name : mainPackages()) {
            JavaPackage room = CLASSES.getPackage(name);
            assertThat(room.tryGetPackageInfo()).as("package-info of " + name).isPresent();
            assertThat(room.isAnnotatedWith(NullMarked.class))
                    .as("@NullMarked on " + name)
                    .isTrue();
        }
    }

    private static Set<String> mainPackages() {
        Set<String> names = new TreeSet<>();
        CLASSES.forEach(each -> names.add(each.getPackageName()));
        return names;
    }
}
