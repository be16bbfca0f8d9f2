// What to say of rules that could not be taken, and of those who could not be told of alerts.
import type { AlertError } from './kinds.js';
import { causeText, shorten } from './quoting.js';

export function describeAlert(error: AlertError): string {
  switch (error.kind) {
    case 'invalid_rules': {
      const [first] = error.problems;
      const others = error.problems.length > 1 ? ` (and ${error.problems.length - 1} more)` : '';
      const place =
        first === undefined ? '' : ` at line ${first.line}, column ${first.column}: ${shorten(first.problem)}${others}`;
      return `${error.file === undefined ? 'What is given as rules' : `The file ${error.file}`} is invalid${place}. Nothing of it is taken; correct what is named.`;
    }
    case 'rules_unreadable':
      return `The file ${error.file} cannot be read: ${causeText(error.cause)}. Nothing of it is taken; check that it is there and may be read.`;
    case 'rule_failed':
      return `The rule ${shorten(error.rule)} of the group ${shorten(error.group)} could not be evaluated: ${shorten(error.problem)}. It is evaluated again with the next turn of its group.`;
    case 'template_failed':
      return `A template of the rule ${shorten(error.rule)} in the group ${shorten(error.group)} failed: ${shorten(error.problem)}. The alert stands all the same and says so in its place; correct the template.`;
    case 'notify_failed':
      return `${error.notifier} could not tell ${error.target} of alerts: ${causeText(error.cause)}. It is tried again by itself; check the address and that the receiver runs.`;
    case 'notify_refused':
      return `${error.target} refused the alerts of ${error.notifier} with status ${error.status}: ${shorten(error.body)}. Correct what it names; sending the same again will not help.`;
    case 'alerts_dropped':
      return `${error.notifier} remembers ${error.limit} alerts already: ${error.dropped} more were told to nobody. Write rules that put fewer labels on their alerts, or raise its maxAlerts.`;
    case 'notifier_closed':
      return `The notifier ${error.notifier} is closed and told nobody of these alerts. Create a new one to go on.`;
  }
}
