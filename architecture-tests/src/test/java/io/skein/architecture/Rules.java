package io.skein.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Set;

/** Each rule says why it is there; an exception to one is named in it, with its reason. */
final class Rules {
    private static final String PATH = "jakarta.ws.rs.Path";
    private static final String REST_CLIENT = "org.eclipse.microprofile.rest.client.inject.RegisterRestClient";
    private static final Set<String> ACCESS =
            Set.of("jakarta.annotation.security.RolesAllowed", "jakarta.annotation.security.PermitAll");

    /**
     * The last word of a class's name says what it does at the edge; what has none of these words is domain. A gate decides inside
     * the transaction of whoever asks, so it must be given that transaction.
     */
    private static final List<String> EDGES = List.of(
            "Resource",
            "Repository",
            "Client",
            "Consumer",
            "Filter",
            "Gate",
            "Mapper",
            "Service",
            "Proxy",
            "Provider",
            "Producer");

    private Rules() {}

    /** A record, an enum or a sealed interface that stands for itself: no part of a class at the edge, named like none. */
    private static final DescribedPredicate<JavaClass> DOMAIN = describe(
            "are values of the domain",
            type -> (type.isRecord() || type.isEnum() || type.isInterface())
                    && type.getEnclosingClass().isEmpty()
                    && !type.isAnnotatedWith(REST_CLIENT)
                    && EDGES.stream().noneMatch(type.getSimpleName()::endsWith));

    private static final DescribedPredicate<JavaClass> RESOURCES = describe(
            "are JAX-RS resources",
            type -> type.isAnnotatedWith(PATH) && !type.isAnnotatedWith(REST_CLIENT) && !type.isInterface());

    static final ArchRule DOMAIN_IS_FREE_OF_THE_OUTSIDE = noClasses()
            .that(DOMAIN)
            .and()
            .resideOutsideOfPackage("io.skein.platform..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "jakarta.ws.rs..",
                    "org.jdbi..",
                    "java.sql..",
                    "javax.sql..",
                    "com.rabbitmq..",
                    "jakarta.persistence.."))
            .as("Values of the domain know no JAX-RS, JDBC or AMQP")
            .because("a rule of the domain must be testable, and readable, without a server, a database or a broker");

    static final ArchRule ENDPOINTS_SAY_WHO_MAY_CALL = methods()
            .that(describe("are JAX-RS endpoints", Rules::isEndpoint))
            .should(be(describe("under @RolesAllowed or @PermitAll", (JavaMethod method) -> ACCESS.stream()
                    .anyMatch(access ->
                            method.isAnnotatedWith(access) || method.getOwner().isAnnotatedWith(access)))))
            .because("SEC-01 denies what is not said, and a reader must see who may call without knowing the defaults");

    static final ArchRule RESOURCES_ARE_NAMED_SO = classes()
            .that(RESOURCES)
            .should()
            .haveSimpleNameEndingWith("Resource")
            .because("whoever looks for the way in looks for *Resource");

    static final ArchRule RESOURCES_RUN_ON_VIRTUAL_THREADS = classes()
            .that(RESOURCES)
            .should(be(describe(
                    "on virtual threads",
                    type -> type.isAnnotatedWith("io.smallrye.common.annotation.RunOnVirtualThread")
                            || type.getMethods().stream()
                                    .filter(Rules::isEndpoint)
                                    .allMatch(Rules::neverBlocks))))
            .because(
                    "the code is written blocking: on an event loop it would stop every other request (ADR on threads)");

    // Opening a handle is fine: a repository takes one, so that several calls see the same snapshot.
    static final ArchRule RESOURCES_LEAVE_SQL_TO_REPOSITORIES = noClasses()
            .that()
            .haveSimpleNameEndingWith("Resource")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("org.jdbi.v3.core.statement..", "java.sql..", "javax.sql..", "com.rabbitmq.."))
            .orShould()
            .callMethodWhere(describe(
                    "runs SQL",
                    call -> call.getTargetOwner().getName().equals("org.jdbi.v3.core.Handle")
                            && Set.of("execute", "select", "createQuery", "createUpdate", "createCall", "prepareBatch")
                                    .contains(call.getName())))
            .because("a resource translates HTTP; what a request does must also be reachable from a message");

    static final ArchRule JAX_RS_STAYS_AT_THE_EDGE = noClasses()
            .that()
            .haveSimpleNameEndingWith("Repository")
            .or()
            .haveSimpleNameEndingWith("Consumer")
            .should()
            .dependOnClassesThat(resideInAPackage("jakarta.ws.rs.."))
            .because("storage and messages have no HTTP; errors are ProblemException, not a Response");

    static final ArchRule THE_BROKER_IS_THE_PLATFORMS = noClasses()
            .that()
            .resideOutsideOfPackages("io.skein.platform..", "io.skein.desktop..")
            .should()
            .dependOnClassesThat(resideInAPackage("com.rabbitmq.."))
            .because(
                    "outbox, inbox, acknowledgement after commit and dead letters are right in one place; the desktop agent,"
                            + " which has no database, is the exception");

    static final ArchRule NAMES_SAY_SOMETHING = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|Common|Misc)")
            .because("such a name says nothing about what the class answers for, so everything ends up in it");

    static final ArchRule PACKAGES_ARE_FEATURES = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..", "..utils..", "..helper..", "..common..", "..manager..", "..impl..", "..dto..")
            .because("packages are features; a package for a kind of class scatters each feature over all of them");

    static final ArchRule FEATURES_HAVE_NO_CYCLES = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    String[] parts = type.getPackageName().split("\\.");
                    // The platform has no features: its packages are the parts of one library.
                    return parts.length > 3 && parts[1].equals("skein") && !parts[2].equals("platform")
                            ? SliceIdentifier.of(parts[2], parts[3])
                            : SliceIdentifier.ignore();
                }

                @Override
                public String getDescription() {
                    return "features of a service";
                }
            })
            .should()
            .beFreeOfCycles()
            .because("two features that need each other are one feature, or a third is missing between them");

    static final ArchRule SERVICES_DO_NOT_KNOW_EACH_OTHER = slices().matching("io.skein.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    not(resideInAPackage("io.skein.nobody..")),
                    resideInAnyPackage(
                            "io.skein.platform..",
                            "io.skein.contracts..",
                            "io.skein.lockclient..",
                            "io.skein.models.."))
            .because(
                    "they are deployed apart: what they share is the wire, in skein-contracts, and the clients of the locks"
                            + " and of models");

    static final ArchRule TIME_IS_JAVA_TIME = noClasses()
            .that()
            // The timestamp of an AMQP message is a Date, and there is no way around it.
            .resideOutsideOfPackage("io.skein.platform.messaging..")
            .should()
            .dependOnClassesThat(describe("are the old date classes", type -> Set.of(
                            "java.util.Date",
                            "java.util.Calendar",
                            "java.util.GregorianCalendar",
                            "java.text.SimpleDateFormat")
                    .contains(type.getName())))
            .because("they are mutable, and their time zone is the machine's");

    static final ArchRule SERVICES_LOG = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace")
            .because("what is printed has no level, no trace id and no redaction");

    static final ArchRule INJECTION_IS_VISIBLE_TO_THE_COMPILER = fields().that()
            .areAnnotatedWith("jakarta.inject.Inject")
            .or()
            .areAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty")
            .should()
            .notHaveModifier(JavaModifier.PRIVATE)
            .because(
                    "Quarkus sets a private field by reflection: slower to start, and one more entry in the native image");

    static final ArchRule REST_CLIENTS_STAY_INSIDE = classes()
            .that()
            .areAnnotatedWith(REST_CLIENT)
            .should()
            .notBePublic()
            .andShould()
            .beInterfaces()
            .because("another service's API is one feature's business; the others ask that feature");

    static final ArchRule CONTRACTS_HAVE_NO_FRAMEWORK = classes()
            .that()
            .resideInAPackage("io.skein.contracts..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java..", "io.skein.contracts..", "com.fasterxml.jackson..", "com.github.f4b6a3.uuid.."))
            .because("the desktop agent, the CLI and other people's clients read the same records");

    private static boolean isEndpoint(JavaMethod method) {
        boolean verb = method.getAnnotations().stream()
                .anyMatch(annotation -> annotation.getRawType().isAnnotatedWith("jakarta.ws.rs.HttpMethod")
                        || Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
                                        .contains(annotation.getRawType().getSimpleName())
                                && annotation.getRawType().getPackageName().equals("jakarta.ws.rs"));
        return verb && RESOURCES.test(method.getOwner());
    }

    private static boolean neverBlocks(JavaMethod method) {
        return method.isAnnotatedWith("io.smallrye.common.annotation.RunOnVirtualThread")
                || Set.of("io.smallrye.mutiny.Uni", "io.smallrye.mutiny.Multi")
                        .contains(method.getRawReturnType().getName());
    }
}
