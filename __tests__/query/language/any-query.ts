// Makes the texts of queries that are well typed, with everything that the language has and any white space between it.
import fc from 'fast-check';

const space = fc.constantFrom('', '', ' ', '\n', '\t ', ' # said by the way\n');
const gap = fc.constantFrom(' ', '\n', '  ', ' # and so\n');
const label = fc.constantFrom('job', 'instance', 'le', 'on', 'sum', 'offset', '"http.status"', "'größe'");
const text = fc.constantFrom('"shop"', "'a\\'b'", '`raw\\`', '""', '"\\u263a\\x41"', '".+"', '"5..|4.."');
const duration = fc.constantFrom('5m', '1h30m', '90', '0.5', '1ms', '1w', '0x10', '010', '1_0', '2y3d');
const number = fc.constantFrom('0', '1', '1.5', '.5', '1e3', '0x1F', '1_000', '5m', '1h', 'NaN', '017');

/** The pieces with any white space between them. */
function spaced(...pieces: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  const parts = pieces.flatMap((piece) => [typeof piece === 'string' ? fc.constant(piece) : piece, space]);
  return fc.tuple(...parts).map((all) => all.join(''));
}

/** The pieces with white space between them that has to be there. */
function apart(...pieces: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  const parts = pieces.flatMap((piece) => [gap, typeof piece === 'string' ? fc.constant(piece) : piece]);
  return fc.tuple(...parts.slice(1)).map((all) => all.join(''));
}

function listed(item: fc.Arbitrary<string>, least = 0): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(item, { minLength: least, maxLength: 3 }), space)
    .map(([items, white]) => items.join(`${white},${white}`));
}

const labels = spaced('(', listed(label), ')');
const matcher = spaced(
  label,
  fc.constantFrom('=', '!=', '=~', '!~'),
  fc.constantFrom('"shop"', '".+"', '`5..|4..`', '""'),
);
const name = fc.constantFrom('up', 'http_requests_total', 'job:rate5m', 'sum', 'by', 'end', 'offset');
const selector = fc.oneof(
  name,
  spaced(name, '{', listed(matcher), '}'),
  spaced('{', '"http.requests"', '}'),
  spaced('{', 'job=~".+"', ',', listed(matcher, 1), '}'),
);
const shift = fc.oneof(
  fc.constant(''),
  apart('offset', fc.constantFrom('5m', '-1h', '90', '1.5')).map((offset) => ` ${offset}`),
  spaced('@', fc.constantFrom('0', '1609746000', '-1.5', 'start()', 'end()')),
  fc.constantFrom(' @ 5 offset 1m', ' offset -1m @ end()'),
);

// Comments are not allowed everywhere in brackets.
const brackets = duration.map((length) => `[ ${length} # long\n]`);
const steppedBrackets = fc
  .tuple(duration, fc.oneof(fc.constant(''), duration))
  .map(([length, step]) => `[${length} :\n${step} ]`);

type Queries = {
  readonly vector: string;
  readonly scalar: string;
};

const { vector, scalar } = fc.letrec<Queries>((tie) => {
  const enclosed = spaced('(', tie('vector'), ')');
  const range = fc.oneof(spaced(selector, brackets, shift), spaced(enclosed, steppedBrackets, shift));
  const arithmetic = fc.constantFrom('+', '-', '*', '/', '%', '^', 'atan2');
  const comparison = fc.constantFrom('==', '!=', '>', '<', '>=', '<=');
  const matching = fc.oneof(
    apart(fc.constantFrom('on', 'ignoring'), labels),
    fc.constantFrom('on (job) group_left()', 'on(job) group_right(le)', 'ignoring(le) group_left (job, "http.status")'),
  );
  return {
    vector: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(selector, shift).map((parts) => parts.join('')),
      spaced('vector', '(', tie('scalar'), ')'),
      spaced(fc.constantFrom('rate', 'sum_over_time', 'absent_over_time', 'changes'), '(', range, ')'),
      spaced(fc.constantFrom('abs', 'sort_desc', 'timestamp', 'histogram_count'), '(', tie('vector'), ')'),
      spaced('label_replace', '(', tie('vector'), ',', text, ',', text, ',', text, ',', text, ')'),
      spaced(fc.constantFrom('sum', 'AVG', 'Group', 'stddev'), '(', tie('vector'), ')'),
      apart(fc.constantFrom('min', 'count'), fc.constantFrom('by', 'Without'), spaced(labels, '(', tie('vector'), ')')),
      spaced('quantile', '(', tie('scalar'), ',', tie('vector'), ')', 'by', labels),
      spaced('count_values', '(', text, ',', tie('vector'), ')'),
      enclosed,
      spaced('-', tie('vector')),
      apart(tie('vector'), fc.oneof(arithmetic, comparison), tie('vector')),
      apart(tie('vector'), comparison, 'bool', tie('vector')),
      // In parentheses, lest what is next to the operator is a scalar.
      apart(enclosed, fc.oneof(arithmetic, comparison), matching, enclosed),
      apart(enclosed, comparison, 'bool', matching, enclosed),
      apart(tie('vector'), fc.constantFrom('and', 'OR', 'unless'), tie('vector')),
      apart(tie('vector'), fc.oneof(arithmetic, comparison), tie('scalar')),
      apart(tie('scalar'), arithmetic, tie('vector')),
    ),
    scalar: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      number,
      fc.constantFrom('time()', 'pi ( )'),
      spaced('scalar', '(', tie('vector'), ')'),
      spaced('(', tie('scalar'), ')'),
      spaced('-', tie('scalar')),
      apart(tie('scalar'), arithmetic, tie('scalar')),
      apart(tie('scalar'), comparison, 'bool', tie('scalar')),
    ),
  };
});

export const anyQuery: fc.Arbitrary<string> = fc.oneof(vector, scalar);
