import { AsnConvert } from "@peculiar/asn1-schema";
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from "@peculiar/asn1-x509";
import * as x509 from "@peculiar/x509";

const loopbackNetworks = ["127.0.0.0/8", "::1/128"];

/**
 * Critical name constraints that hold an authority to loopback: the name `localhost` and every name below it,
 * 127.0.0.0/8 and ::1/128.
 */
export function loopbackNameConstraints(): x509.Extension {
  const permitted = [
    new GeneralName({ dNSName: "localhost" }),
    ...loopbackNetworks.map((network) => new GeneralName({ iPAddress: network })),
  ].map((base) => new GeneralSubtree({ base }));
  const constraints = new NameConstraints({ permittedSubtrees: new GeneralSubtrees(permitted) });
  return new x509.Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints));
}
