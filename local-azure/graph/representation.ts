import type { DirectoryObject } from "../entra/directory.ts";
import { representApplication } from "./applications/representation.ts";
import type { CredentialContext } from "./credentials/representation.ts";
import { representGroup } from "./groups/representation.ts";
import type { Properties } from "./properties.ts";
import { representServicePrincipal } from "./service-principals/representation.ts";
import { representUser } from "./users/representation.ts";

const representations = {
  application: representApplication,
  servicePrincipal: representServicePrincipal,
  group: representGroup,
  user: representUser,
} as const;

/** A directory object as Graph answers it, with all its default properties. */
export function represent(
  object: DirectoryObject & { readonly deletedDateTime?: string },
  context: CredentialContext,
): Properties {
  return {
    ...representations[object.type](object, context),
    id: object.id,
    deletedDateTime: object.deletedDateTime ?? null,
    displayName: object.displayName,
    createdDateTime: object.createdDateTime,
  };
}

/** `@odata.type`, without which clients drop an object of a mixed list. */
export function odataType({ type }: DirectoryObject): string {
  return `#microsoft.graph.${type}`;
}
