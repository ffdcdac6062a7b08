import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import { type InstalledPackage, installedPackages } from "./package-files.ts";

/** `@pulumi/azure-native` → `azure-native`. */
function pluginName({ name, file }: InstalledPackage): string {
  return file.pulumi?.name ?? name.replace(/^@pulumi\//, "");
}

function dependencyOf(installed: InstalledPackage): pluginMessages.PackageDependency {
  const { pulumi = {} } = installed.file;
  const dependency = new pluginMessages.PackageDependency()
    .setName(pluginName(installed))
    .setKind("resource")
    .setVersion(pulumi.version ?? installed.version)
    .setServer(pulumi.server ?? "");
  if (pulumi.parameterization !== undefined) {
    dependency.setParameterization(
      new pluginMessages.PackageParameterization()
        .setName(pulumi.parameterization.name)
        .setVersion(pulumi.parameterization.version)
        .setValue(pulumi.parameterization.value),
    );
  }
  return dependency;
}

/** The provider plugins that a program needs: those of its installed packages, and of theirs. */
export function requiredPackages(programDirectory: string): pluginMessages.PackageDependency[] {
  return installedPackages(programDirectory, true)
    .filter((installed) => installed.file.pulumi?.resource === true)
    .map(dependencyOf);
}
