// A rule file that is written in place, seen with a real file and a real watcher; only its timers are rung by the test.
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { FollowedFile } from '../../../lib/alerts/rules/followed-file.js';

const text = (name: string) => `groups: [{ name: ${name} }]`;

describe('FollowedFile', () => {
  let folder = '';
  let file = '';
  let taken: string[] = [];
  let followed: FollowedFile;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telltale-followed-'));
    file = join(folder, 'rules.yml');
    taken = [];
    await writeFile(file, text('a'));
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] });
    const take = async (groups: readonly { readonly name: string }[]) => {
      taken.push(groups.map(({ name }) => name).join());
    };
    followed = new FollowedFile(file, { take, onError: (error) => taken.push(error.kind) });
    (await followed.read())._unsafeUnwrap();
    followed.follow();
  });
  afterEach(async () => {
    followed.unfollow();
    jest.useRealTimers();
    await rm(folder, { recursive: true });
  });

  /** Until the watcher has seen something, or the file was looked at, so that a timer waits. */
  async function timerIsSet(): Promise<void> {
    while (jest.getTimerCount() === 0) await turn();
  }

  async function isTaken(): Promise<void> {
    while (taken.length === 0) await turn();
  }

  it('takes no empty file while its text may be on its way', async () => {
    const handle = await open(file, 'w');
    await timerIsSet();
    jest.advanceTimersByTime(100);
    // It is empty: a longer wait has begun.
    await timerIsSet();
    jest.advanceTimersByTime(1900);
    await handle.write(text('b'));
    await handle.close();
    while (taken.length === 0) {
      jest.advanceTimersByTime(100);
      await turn();
    }
    expect(taken).toEqual(['b']);
  });

  it('takes a file that stays empty for one without rules', async () => {
    await writeFile(file, '');
    await timerIsSet();
    jest.advanceTimersByTime(100);
    await timerIsSet();
    jest.advanceTimersByTime(2000);
    await isTaken();
    expect(taken).toEqual(['']);
  });
});
