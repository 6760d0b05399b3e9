/** Files of the Hugging Face hub, in the cache that Python's client uses. */
export type { Contents } from './cache.ts';
export { isOffline } from './environment.ts';
export { coded } from './errors.ts';
export { type HubOptions, hubFile } from './file.ts';
export { hubInfo, rememberRevision } from './info.ts';
export { type HubFile, hubFiles } from './listing.ts';
export type { RepoType } from './names.ts';
export { packageFolder } from './packageFolder.ts';
export { globMatcher } from './patterns.ts';
export {
  openPretrained,
  PRETRAINED_OPTIONS,
  type PretrainedFiles,
  type PretrainedOptions,
} from './pretrained.ts';
export { type Push, type PushOptions, pushFiles } from './push.ts';
export { openRemote, type RemoteFile } from './remote.ts';
export { HubUnreachable } from './request.ts';
export { type SnapshotOptions, snapshot } from './snapshot.ts';
