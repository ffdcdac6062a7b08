/** What keeps a principal from getting a token, by the number of the AADSTS error that says so. */
interface SignInFault {
  readonly code: string;
  readonly fix: string;
}

const noServicePrincipal = {
  code: "KC-DOCTOR-NO-SERVICE-PRINCIPAL",
  fix: "make one: `az ad sp create --id <client id>`, or let the program declare the application",
};
const federation = {
  code: "KC-DOCTOR-FEDERATION",
  fix: "issuer, subject and audience of the federated credential must equal the assertion's iss, sub and aud letter by letter; a new credential takes some minutes",
};
const noCredential = {
  code: "KC-DOCTOR-NO-CREDENTIAL",
  fix: "give the application a federated credential, or use a managed identity",
};
const tenant = {
  code: "KC-DOCTOR-TOKEN-TENANT",
  fix: "ask in the tenant of the account's subscription: AZURE_TENANT_ID, `az login --tenant`",
};

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const byNumber: Readonly<Record<number, SignInFault>> = {
  700016: {
    code: "KC-DOCTOR-PRINCIPAL-MISSING",
    fix: "check client id and tenant: the application was deleted, or lives in another tenant",
  },
  7000229: noServicePrincipal,
  7000112: {
    code: "KC-DOCTOR-PRINCIPAL-DISABLED",
    fix: "enable it: `az ad sp update --id <object id> --set accountEnabled=true`",
  },
  7000222: {
    code: "KC-DOCTOR-CREDENTIAL-EXPIRED",
    fix: "take the newest secret from the vault; `pulumi up` rotates one that the program made",
  },
  7000215: {
    code: "KC-DOCTOR-SECRET-WRONG",
    fix: "use the value of the secret, not its id, and the newest one of this application",
  },
  7000216: noCredential,
  7000218: noCredential,
  700027: {
    code: "KC-DOCTOR-CERTIFICATE",
    fix: "register the certificate that signs the assertion with the application, or sign with the registered one",
  },
  70021: federation,
  700211: federation,
  700212: federation,
  700213: federation,
  7002137: federation,
  7002138: federation,
  7000272: federation,
  700024: federation,
  50166: federation,
  90061: federation,
  90002: tenant,
  900023: tenant,
};

/** What an AADSTS number means here; any other, and 0 for none, is a sign-in that failed for a reason of its own. */
export function signInFault(aadsts: number): SignInFault {
  return (
    byNumber[aadsts] ?? {
      code: "KC-DOCTOR-NO-TOKEN",
      fix: "sign in (`az login`), or check AZURE_CLIENT_ID, AZURE_TENANT_ID and the credential of the environment",
    }
  );
}
