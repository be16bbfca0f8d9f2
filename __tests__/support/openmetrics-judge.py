# Judges OpenMetrics texts, one after the other, for as long as stdin is open.
# In: the length in bytes, a line break, the text. Out: "ok", or "error", a blank and the length in bytes of the reason, a line
# break, the reason. Its only argument is the folder that holds the prometheus_client package.
import os
import sys
import types

# The package's own __init__ imports far more than the parser needs, not all of which is always there.
package = types.ModuleType('prometheus_client')
package.__path__ = [os.path.join(sys.argv[1], 'prometheus_client')]
sys.modules['prometheus_client'] = package

from prometheus_client.openmetrics import parser

seen = set()
parse_sample = parser._parse_sample


# Wrapped here, line by line, because the parser drops a series that comes twice without a word.
def parse_new_sample(line):
    sample = parse_sample(line)
    series = (sample.name, tuple(sorted(sample.labels.items())))
    if series in seen:
        raise ValueError('Duplicate series: ' + line)
    seen.add(series)
    return sample


parser._parse_sample = parse_new_sample


def judge(text):
    seen.clear()
    for family in parser.text_string_to_metric_families(text):
        if family.type not in ('histogram', 'gaugehistogram', 'summary'):
            continue
        for sample in family.samples:
            # "1" for "1.0" is uncanonical too, and the parser knows only +Inf.
            for label in ('le', 'quantile'):
                if sample.labels.get(label, '').lstrip('-').isdigit():
                    raise ValueError('Uncanonical %s: %s' % (label, sample.labels[label]))


def main():
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while True:
        header = source.readline()
        if not header:
            return
        body = source.read(int(header))
        try:
            judge(body.decode('utf-8', 'strict'))
            sink.write(b'ok\n')
        except Exception as error:
            reason = ('%s: %s' % (type(error).__name__, error)).encode('utf-8', 'backslashreplace')
            sink.write(b'error %d\n' % len(reason) + reason)
        sink.flush()


main()
