// Lays an expression out over lines, as Prometheus' `format_query` does: what is longer than a line is broken up, its parts
// below it and indented, and each part again only if it is too long itself.
import { type BinaryExpression, type Expression, operandsOf } from './expression.js';
import { printAggregationHead, printNode, printOperator, printSubqueryTail } from './print-expression.js';

const LONGEST_LINE_BYTES = 100;

/**
 * @example
 * parseExpression('up+1').map(prettyExpression); // Ok('up + 1')
 */
export function prettyExpression(expression: Expression): string {
  return new Layout().lay(expression, 0);
}

/** Remembers what it printed on one line, because every part is printed in all the parts that it is in. */
class Layout {
  readonly #lines = new Map<Expression, string>();

  /** @param level - How far the first line is indented; 0 where it goes on in a line that has begun. */
  lay(expression: Expression, level: number): string {
    const line = this.#print(expression);
    // Prometheus indents subqueries only where it breaks them up.
    if (fits(line)) return expression.kind === 'subquery' ? line : indented(line, level);
    switch (expression.kind) {
      case 'aggregation':
        return this.#enclosed(printAggregationHead(expression), expression, level);
      case 'binary':
        return this.#binary(expression, level);
      case 'call':
        return this.#enclosed(expression.name, expression, level);
      case 'parentheses':
        return this.#enclosed('', expression, level);
      case 'subquery':
        return `${this.lay(expression.expression, level)}${printSubqueryTail(expression)}`;
      case 'unary':
        return indented(`${expression.operator}${this.lay(expression.expression, level).trim()}`, level);
      default:
        return indented(line, level);
    }
  }

  #binary(binary: BinaryExpression, level: number): string {
    const operator = indented(printOperator(binary), level);
    return `${this.lay(binary.left, level + 1)}\n${operator}\n${this.lay(binary.right, level + 1)}`;
  }

  #enclosed(head: string, expression: Expression, level: number): string {
    const operands = operandsOf(expression).map((operand) => this.lay(operand, level + 1));
    return `${indented(`${head}(`, level)}\n${operands.join(',\n')}\n${indented(')', level)}`;
  }

  #print(expression: Expression): string {
    let line = this.#lines.get(expression);
    if (line === undefined) {
      line = printNode(expression, (operand) => this.#print(operand));
      this.#lines.set(expression, line);
    }
    return line;
  }
}

function indented(text: string, level: number): string {
  return '  '.repeat(level) + text;
}

function fits(line: string): boolean {
  return line.length <= LONGEST_LINE_BYTES && new TextEncoder().encode(line).length <= LONGEST_LINE_BYTES;
}
