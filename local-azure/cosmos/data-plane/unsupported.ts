import { notSupported } from "./errors.ts";

/** The execution of something that Azure has and this cloud has not: 501, naming it. */
export function refuseUnsupported(what: string): () => never {
  return () => {
    throw notSupported(what);
  };
}
