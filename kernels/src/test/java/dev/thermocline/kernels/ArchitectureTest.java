package dev.thermocline.kernels;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the module system cannot say. */
@AnalyzeClasses(packages = "dev.thermocline.kernels", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  /** One class for each of JCuda's bindings. */
  private static final String BINDINGS =
      ".*\\.cuda\\.(JCudaDriver|CublasGemm|NvrtcCompiler)(\\$.*)?";

  @ArchTest
  static final ArchRule onlyTheBindingsKnowJCuda =
      noClasses()
          .that()
          .haveNameNotMatching(BINDINGS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jcuda..");

  @ArchTest
  static final ArchRule onlyTheVectorBackendKnowsTheVectorApi =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.thermocline.kernels.vector..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..");
}
