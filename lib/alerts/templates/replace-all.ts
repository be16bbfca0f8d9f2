// Replaces what a regular expression finds, with Go's rules for `$1`, `${name}` and `$$` in the replacement.
import type { RE2JS } from 're2js';

type Groups = (name: string) => string;

/** Groups that there are not are empty. */
export function replaceAll(pattern: RE2JS, by: string, subject: string): string {
  const matcher = pattern.matcher(subject);
  const names: Readonly<Record<string, number>> = pattern.namedGroups();
  const count = pattern.groupCount();
  const groups: Groups = (name) => {
    const number = /^\d+$/.test(name) ? Number(name) : Object.hasOwn(names, name) ? names[name] : undefined;
    return number === undefined || number > count ? '' : (matcher.group(number) ?? '');
  };
  let text = '';
  let from = 0;
  while (matcher.find()) {
    text += subject.slice(from, matcher.start()) + expanded(by, groups);
    from = matcher.end();
  }
  return text + subject.slice(from);
}

/** A name without braces takes as many letters as it can. */
function expanded(by: string, groups: Groups): string {
  return by.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (all, braced: string | undefined, bare: string | undefined) =>
    all === '$$' ? '$' : groups(braced ?? bare ?? ''),
  );
}
