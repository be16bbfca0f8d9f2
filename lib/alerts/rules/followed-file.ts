// A rule file that is followed: read when it changes, taken as a whole or not at all. Editors and deployments replace files in
// many ways, so the folder is watched for haste and the file itself is looked at every few seconds to be sure.
import { type FSWatcher, unwatchFile, watch, watchFile } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, type Result } from 'neverthrow';
import type { AlertError } from '../../errors.js';
import { readRuleFile } from './read-rule-file.js';
import type { RuleGroup } from './rule.js';

export interface FileFollower {
  /** Takes the groups of a file that changed. */
  readonly take: (groups: readonly RuleGroup[]) => Promise<void>;
  readonly onError: (error: AlertError) => void;
}

const LOOK_EVERY_MS = 5000;
/** What is written in pieces is read when it has been still for this long. */
const SETTLE_MS = 100;
/** Whoever writes a file anew begins with an empty one. Without rules all alerts would be resolved, so that one is waited for. */
const EMPTY_MS = 2000;

export class FollowedFile {
  readonly #file: string;
  readonly #follower: FileFollower;
  /** What was read last, good or bad; undefined when it could not be read. */
  #text: string | undefined;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isFollowed = false;
  #checking: Promise<void> = Promise.resolve();
  readonly #look = () => this.#checkSoon();

  constructor(file: string, follower: FileFollower) {
    this.#file = file;
    this.#follower = follower;
  }

  /** Errors: `rules_unreadable`, `invalid_rules`. */
  async read(): Promise<Result<readonly RuleGroup[], AlertError>> {
    try {
      this.#text = await readFile(this.#file, 'utf8');
    } catch (cause) {
      this.#text = undefined;
      return err({ kind: 'rules_unreadable', file: this.#file, cause });
    }
    return readRuleFile(this.#text, this.#file);
  }

  follow(): void {
    this.#isFollowed = true;
    watchFile(this.#file, { interval: LOOK_EVERY_MS, persistent: false }, this.#look);
    try {
      this.#watcher = watch(dirname(this.#file), { persistent: false }, this.#look);
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // A folder that cannot be watched is looked at all the same, if later.
    }
  }

  /** Reads the file if it has changed; a broken one leaves the rules and is told once. */
  check(): Promise<void> {
    this.#checking = this.#checking.then(() => this.#check());
    return this.#checking;
  }

  unfollow(): void {
    this.#isFollowed = false;
    clearTimeout(this.#timer);
    unwatchFile(this.#file, this.#look);
    this.#watcher?.close();
  }

  async #check(): Promise<void> {
    const before = this.#text;
    const read = await this.read();
    if (this.#text === before) return;
    if (read.isOk()) await this.#follower.take(read.value);
    else this.#follower.onError(read.error);
  }

  #checkSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#checkUnlessEmpty(), SETTLE_MS).unref();
  }

  async #checkUnlessEmpty(): Promise<void> {
    const isEmpty = await stat(this.#file).then(
      ({ size }) => size === 0,
      () => false,
    );
    if (!isEmpty) return this.check();
    if (!this.#isFollowed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.check(), EMPTY_MS).unref();
  }
}
