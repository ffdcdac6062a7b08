import { answerOne, withType } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { badRequest } from "../graph-error.ts";
import { addressed } from "../objects.ts";

export function readDirectoryObject(call: GraphCall): GraphAnswer {
  return answerOne(call, "directoryObjects/$entity", withType(addressed(call), call));
}

const mostIds = 1000;

/** Those of the given objects that the directory has: https://learn.microsoft.com/graph/api/directoryobject-getbyids */
export function getByIds(call: GraphCall): GraphAnswer {
  const { directory, base, body } = call;
  const { ids, types } = body;
  if (!Array.isArray(ids) || ids.length > mostIds || !ids.every((id) => typeof id === "string")) {
    throw badRequest(`The property 'ids' must be a list of at most ${mostIds} object ids.`);
  }
  const wanted = Array.isArray(types) ? types.map((type) => String(type).toLowerCase()) : [];
  const isWanted = (type: string) =>
    wanted.length === 0 || wanted.includes("directoryobject") || wanted.includes(type.toLowerCase());
  const found = [...new Set(ids.map((id) => id.toLowerCase()))]
    .flatMap((id) => directory.find(id) ?? [])
    .filter(({ type }) => isWanted(type));
  return {
    status: 200,
    body: {
      "@odata.context": `${base}/$metadata#directoryObjects`,
      value: found.map((object) => withType(object, call)),
    },
  };
}
