import { isArray, isObject, type Value, type Values } from "../../provider/values.ts";
import { textsOf } from "./operation.ts";

/** The tags by which Azure's portal knows an application's features, and their names in the two blocks. */
const features = [
  ["customSingleSignOn", "customSingleSignOnApp", "WindowsAzureActiveDirectoryCustomSingleSignOnApplication"],
  ["enterprise", "enterpriseApplication", "WindowsAzureActiveDirectoryIntegratedApp"],
  ["gallery", "galleryApplication", "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1"],
] as const;
const hidden = "HideApp";

/**
 * The tags to send: those of the block `featureTags` or its older form `features`, or else `tags`.
 * @returns `undefined` when the program says nothing of tags
 */
export function wantedTags(inputs: Values): readonly string[] | undefined {
  const [block] = isArray(inputs.featureTags) ? inputs.featureTags : [];
  if (isObject(block)) {
    const named = features.filter(([name]) => block[name] === true).map(([, , tag]) => tag);
    return block.hide === true ? [...named, hidden] : named;
  }
  const [older] = isArray(inputs.features) ? inputs.features : [];
  if (isObject(older)) {
    const named = features.filter(([, name]) => older[name] === true).map(([, , tag]) => tag);
    return older.visibleToUsers === false ? [...named, hidden] : named;
  }
  return inputs.tags === undefined ? undefined : textsOf(inputs.tags);
}

/** The blocks that say the same as the tags. */
export function featureBlocks(tags: readonly string[]): { featureTags: Value; features: Value } {
  const has = (tag: string) => tags.includes(tag);
  return {
    featureTags: [
      {
        ...Object.fromEntries(features.map(([name, , tag]) => [name, has(tag)])),
        hide: has(hidden),
      },
    ],
    features: [
      {
        ...Object.fromEntries(features.map(([, name, tag]) => [name, has(tag)])),
        visibleToUsers: !has(hidden),
      },
    ],
  };
}
