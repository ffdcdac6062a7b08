/** What a package may be at most. */
export interface ArchiveLimits {
  /** Of the package itself. */
  readonly packageBytes: number;
  /** Of all files together, unpacked. */
  readonly contentBytes: number;
  /** Of one file, unpacked: it is held in memory. */
  readonly fileBytes: number;
  readonly entries: number;
}

/** App Service takes packages of up to 2,048 MB; the other limits are ours. */
export const defaultLimits: ArchiveLimits = {
  packageBytes: 2_048 * 1_024 * 1_024,
  contentBytes: 4_096 * 1_024 * 1_024,
  fileBytes: 1_024 * 1_024 * 1_024,
  entries: 60_000,
};
