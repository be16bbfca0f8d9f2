// Which path stands for a group: the cases that the official clients hold themselves to, and what is refused.
import { MetricDefinitionError } from '../../../lib/errors.js';
import { type GroupingKey, groupingKey } from '../../../storage/pushgateway/grouping-key.js';

describe('groupingKey', () => {
  // From the test suites of client_golang, client_java and client_python: two of them write base64 with padding.
  it.each([
    ['testjob', [], ['/metrics/job/testjob']],
    ['test/job', [], ['/metrics/job@base64/dGVzdC9qb2I']],
    ['my/job', [], ['/metrics/job@base64/bXkvam9i']],
    ['testjob', [['foobar', 'bu/ms']], ['/metrics/job/testjob/foobar@base64/YnUvbXM']],
    [
      'testjob',
      [['titan', 'Προμηθεύς']],
      ['/metrics/job/testjob/titan/%CE%A0%CF%81%CE%BF%CE%BC%CE%B7%CE%B8%CE%B5%CF%8D%CF%82'],
    ],
    ['testjob', [['empty', '']], ['/metrics/job/testjob/empty@base64/=']],
    [
      'a/b',
      [
        ['l', 'v'],
        ['l2', '\uf7ff/'],
      ],
      ['/metrics/job@base64/YS9i/l/v/l2@base64/75-_Lw'],
    ],
    [
      'my_job',
      [
        ['a', '9'],
        ['b', 'a/ z'],
      ],
      ['/metrics/job/my_job/a/9/b@base64/YS8geg'],
    ],
    [
      'my_job',
      [['label', 'value with spaces']],
      ['/metrics/job/my_job/label@base64/dmFsdWUgd2l0aCBzcGFjZXM=', '/metrics/job/my_job/label/value%20with%20spaces'],
    ],
    [
      'testjob',
      [
        ['a', 'x'],
        ['b', 'y'],
      ],
      ['/metrics/job/testjob/a/x/b/y', '/metrics/job/testjob/b/y/a/x'],
    ],
  ] as const)('puts %j %j into one of the paths that the gateway takes', (job, grouping, accepted) => {
    expect(accepted).toContain(groupingKey(job, grouping).path);
    expect(accepted).toContain(groupingKey(job, Object.fromEntries(grouping)).path);
  });

  it.each(['.', '..'])('writes %j, which would be resolved on the way, in base64', (value) => {
    const encoded = Buffer.from(value).toString('base64url');
    expect(groupingKey(value, { l: value }).path).toBe(`/metrics/job@base64/${encoded}/l@base64/${encoded}`);
  });

  it('escapes what would end the path or begin a query', () => {
    expect(groupingKey('a?b#c%2F', { l: 'a&b=c\n' }).path).toBe('/metrics/job/a%3Fb%23c%252F/l/a%26b%3Dc%0A');
  });

  it('takes numbers and booleans, and names the labels with the job', () => {
    expect(groupingKey('j', { shard: 3, canary: true })).toEqual({
      names: ['job', 'shard', 'canary'],
      path: '/metrics/job/j/shard/3/canary/true',
    });
  });

  it.each([
    ['an empty job name', '', {}, 'The grouping label "job" is invalid. Give the name of the job'],
    ['a job name that is none', 7, {}, 'Give the name of the job as a text'],
    ['a job name of 300 characters', 'x'.repeat(300), {}, 'It has 300 characters: give the job a name of at most 255.'],
    ['half a character', 'a\ud800', {}, 'half of a surrogate pair'],
    ['a label name with a dash', 'j', { 'a-b': 'c' }, 'The grouping label "a-b" is invalid. A label name has letters'],
    ['an empty label name', 'j', { '': 'c' }, 'A label name has letters'],
    ['a reserved label name', 'j', { __name__: 'c' }, 'belong to Prometheus'],
    ['the label of buckets', 'j', { le: '1' }, 'choose another name'],
    ['the label of quantiles', 'j', { quantile: '1' }, 'choose another name'],
    ['a key that is null', 'j', null, 'Give the other labels as an object or as pairs.'],
    ['a pair that is none', 'j', ['ab'], 'Give the other labels as an object or as pairs.'],
    ['a second job', 'j', { job: 'k' }, 'The job is given as jobName'],
    [
      'a repeated label',
      'j',
      [
        ['a', '1'],
        ['a', '2'],
      ],
      'The grouping label "a" is invalid. It is given twice',
    ],
    ['a value that is an object', 'j', { a: {} }, 'A value is a text, a finite number or a boolean.'],
    ['a value that is not finite', 'j', { a: Number.NaN }, 'A value is a text, a finite number or a boolean.'],
    ['a path that no proxy takes', 'j', { a: 'x'.repeat(7000) }, 'keep it below 7000'],
  ])('refuses %s', (_what, job, grouping, message) => {
    const create = () => groupingKey(job as string, grouping as GroupingKey);
    expect(create).toThrow(MetricDefinitionError);
    expect(create).toThrow(message);
  });
});
