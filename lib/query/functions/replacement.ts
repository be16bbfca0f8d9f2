// Replacements that refer to groups of a match, read as Go's `Regexp.Expand` reads them: `$1`, `$name`, `${1}`, `${name}`, and
// `$$` for a dollar sign. https://pkg.go.dev/regexp#Regexp.Expand
import type { GroupMatch } from '../../model/full-match.js';

/** Either a text, or a reference: `$` and what it refers to. */
const PIECE = /\$\$|\$\{([\p{L}\p{Nd}_]+)\}|\$([\p{L}\p{Nd}_]+)/gu;

type Piece = { readonly text: string } | { readonly group: number | string };

/** Without a name, or with a brace that is not closed, a dollar sign is itself. A group that there is not is empty. */
export function parseReplacement(replacement: string): (match: GroupMatch) => string {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of replacement.matchAll(PIECE)) {
    pieces.push({ text: replacement.slice(end, found.index) });
    const reference = found[1] ?? found[2];
    // The longest name counts: `$1x` is the group `1x`, and there can be none of that name.
    if (reference === undefined) pieces.push({ text: '$' });
    else pieces.push({ group: /^\d+$/.test(reference) ? Number(reference) : reference });
    end = found.index + found[0].length;
  }
  pieces.push({ text: replacement.slice(end) });
  return (match) => {
    let expanded = '';
    for (const piece of pieces) expanded += 'text' in piece ? piece.text : match.group(piece.group);
    return expanded;
  };
}
