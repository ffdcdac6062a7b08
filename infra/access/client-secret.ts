import { ApplicationPassword } from "@pulumi/azuread/applicationPassword.js";
import * as pulumi from "@pulumi/pulumi";
import { Registration } from "../identity/registration.ts";
import { type SecretPeriod, secretPeriods } from "./secret-periods.ts";

/** What a workload's client secret is made from. */
export interface ClientSecretArgs {
  readonly displayName: string;
  /** Object ids. */
  readonly owners: readonly string[];
  /** `YYYY-MM-DD`: decides which secrets exist. */
  readonly today: string;
}

/**
 * A registration that reaches Cosmos DB by a client secret, for a workload that cannot do without one yet. Two secrets
 * stand side by side; each is a resource named by its end, so the next is made before the one before it goes.
 */
export class ClientSecret extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  /** Object id of the service principal. */
  readonly principalId: pulumi.Output<string>;
  /** The current secret, encrypted in the state. */
  readonly value: pulumi.Output<string>;
  /** The day at whose beginning the current secret ends, `YYYY-MM-DD`. */
  readonly endsOn: string;

  constructor(name: string, args: ClientSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keyless-cosmos:access:ClientSecret", name, {}, opts);
    const { displayName, owners, today } = args;
    const registration = new Registration(`${name}-client-secret`, { displayName, owners }, { parent: this });
    const password = ({ endsOn }: SecretPeriod) =>
      new ApplicationPassword(
        `${name}-until-${endsOn}`,
        {
          applicationId: registration.applicationId,
          displayName: `until ${endsOn}`,
          endDate: `${endsOn}T00:00:00Z`,
        },
        { parent: this },
      );
    const { previous, current } = secretPeriods(today);
    password(previous);
    this.clientId = registration.clientId;
    this.principalId = registration.principalId;
    this.value = pulumi.secret(password(current).value);
    this.endsOn = current.endsOn;
    this.registerOutputs({ clientId: this.clientId, principalId: this.principalId });
  }
}
