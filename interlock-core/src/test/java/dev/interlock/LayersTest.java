package dev.interlock;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Arrows point down: API, then {@code pool}, then {@code process}, then {@code region}, then {@code sync} and {@code os}, which know
 * nothing of each other. Below the API only what carries a failure or a few values up to the user may be used of it.
 */
class LayersTest {
    private static final String API = "dev.interlock";
    private static final String SYNC = "dev.interlock.internal.sync..";
    private static final String PROCESS = "dev.interlock.internal.process..";
    private static final String POOL = "dev.interlock.internal.pool..";
    private static final String SOCKET = "dev.interlock.internal.socket..";
    private static final String REGION = "dev.interlock.internal.region..";
    private static final String OS = "dev.interlock.internal.os..";
    private static final String[] JDK = {"java..", "org.jspecify.annotations"};

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.interlock");

    private static final DescribedPredicate<JavaClass> CARRIERS =
            resideInAPackage(API)
                    .and(
                            assignableTo(Record.class)
                                    .or(assignableTo(InterlockException.class))
                                    .or(assignableTo(Enum.class))
                                    .or(assignableTo(Task.class))
                                    .or(assignableTo(Action.class)))
                    .as("carriers of values, failures and tasks");

    private static DescribedPredicate<JavaClass> jdkOr(String... packages) {
        return resideInAnyPackage(JDK)
                .or(resideInAnyPackage(packages))
                .as("the JDK or %s", String.join(", ", packages));
    }

    @Test
    void sync_dependsOnTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage(SYNC)
                .should()
                .onlyDependOnClassesThat(jdkOr(SYNC))
                .check(CLASSES);
    }

    @Test
    void os_dependsOnTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage(OS)
                .should()
                .onlyDependOnClassesThat(jdkOr(OS))
                .check(CLASSES);
    }

    @Test
    void region_dependsOnSyncOsAndCarriers() {
        classes()
                .that()
                .resideInAPackage(REGION)
                .should()
                .onlyDependOnClassesThat(jdkOr(REGION, SYNC, OS).or(CARRIERS))
                .check(CLASSES);
    }

    @Test
    void socket_isUsedByTheApiAlone() {
        noClasses()
                .that()
                .resideInAnyPackage(POOL, PROCESS, REGION, SYNC, OS)
                .should()
                .dependOnClassesThat(resideInAPackage(SOCKET))
                .check(CLASSES);
    }

    @Test
    void socket_dependsOnSyncAndCarriers() {
        classes()
                .that()
                .resideInAPackage(SOCKET)
                .should()
                .onlyDependOnClassesThat(
                        jdkOr(SOCKET, SYNC, "javax.crypto..", "jdk.net..").or(CARRIERS))
                .check(CLASSES);
    }

    @Test
    void process_isUsedByTheApiAlone() {
        noClasses()
                .that()
                .resideInAnyPackage(REGION, SYNC, OS)
                .should()
                .dependOnClassesThat(resideInAPackage(PROCESS))
                .check(CLASSES);
    }

    @Test
    void pool_isUsedByTheApiAlone() {
        noClasses()
                .that()
                .resideInAnyPackage(PROCESS, SOCKET, REGION, SYNC, OS)
                .should()
                .dependOnClassesThat(resideInAPackage(POOL))
                .check(CLASSES);
    }

    @Test
    void internalPackages_haveNoCycles() {
        slices().matching("dev.interlock.internal.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothing_dependsOnMoreThanTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat(
                        jdkOr(
                                "javax.tools..",
                                "javax.crypto..",
                                "jdk.net..",
                                "jdk.jfr..",
                                "dev.interlock.."))
                .check(CLASSES);
    }

    @Test
    void onlyOs_callsNativeCode() {
        noClasses()
                .that(not(resideInAPackage(OS)))
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.lang\\.foreign\\.(Linker|SymbolLookup|FunctionDescriptor).*")
                .check(CLASSES);
    }

    @Test
    void nothing_usesTheInsideOfTheJdk() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("sun..", "jdk.internal..", "com.sun.."))
                .check(CLASSES);
    }

    @Test
    void theModule_needsOnlyTheJdk_exportsOnlyTheApi_andOpensNothing() throws Exception {
        Path library = Path.of(JavaProgram.library());
        ModuleDescriptor module = ModuleFinder.of(library).findAll().iterator().next().descriptor();
        assertThat(module.requires())
                .filteredOn(requires ->
                        !requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .extracting(ModuleDescriptor.Requires::name)
                .allMatch(name -> name.startsWith("java.") || name.equals("jdk.net"));
        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactly(API);
        assertThat(module.opens()).isEmpty();
        assertThat(module.isOpen()).isFalse();
    }
}
