const guid = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

/**
 * Reads the ids out of a resource's Pulumi id.
 * @param template for example `{guid}/password/{guid}`; `{id}` stands for anything but a slash, `{rest}` for anything
 * @throws {Error} that shows how the id must look
 */
export function parseId(id: string, template: string): readonly [string, string] {
  const pattern = template
    .replaceAll("{guid}", `(${guid})`)
    .replaceAll("{id}", "([^/]+)")
    .replaceAll("{rest}", "(.+)");
  const found = new RegExp(`^${pattern}$`).exec(id);
  if (found === null) {
    const shape = template.replaceAll("{guid}", "00000000-0000-0000-0000-000000000000");
    throw new Error(`specified ID ("${id}") is not valid: it must look like ${shape}`);
  }
  return [found[1] ?? "", found[2] ?? ""];
}

export const applicationId = "/applications/{guid}";
export const servicePrincipalId = "/servicePrincipals/{guid}";
export const groupId = "/groups/{guid}";

/** The error for something that exists already and so cannot be made. */
export function importNeeded(type: string, id: string): Error {
  return new Error(
    `A resource with the ID "${id}" already exists - to be managed via Pulumi this resource needs to be imported ` +
      `into the State: pulumi import ${type} <name> ${id}`,
  );
}
