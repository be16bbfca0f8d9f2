// What to say of metrics that are defined wrongly, and of recordings that changed nothing.
import type { DefinitionError, RecordingError } from './kinds.js';
import { shorten } from './quoting.js';

export function describeDefinition(error: DefinitionError): string {
  switch (error.kind) {
    case 'invalid_metric_name':
      return `"${shorten(error.metric)}" is no valid metric name. ${error.rule}`;
    case 'invalid_label_name':
      return `"${shorten(error.label)}" is no valid label name for ${shorten(error.metric)}. ${error.rule}`;
    case 'reserved_label':
      return `The label "${shorten(error.label)}" of ${shorten(error.metric)} is reserved. ${error.rule}`;
    case 'invalid_buckets':
      return `The buckets of ${shorten(error.metric)} are invalid (${error.value}). ${error.rule}`;
    case 'invalid_quantiles':
      return `The quantiles of ${shorten(error.metric)} are invalid (${error.value}). ${error.rule}`;
    case 'invalid_unit':
      return `The unit "${shorten(error.unit)}" does not fit ${shorten(error.metric)}. ${error.rule}`;
    case 'invalid_option':
      return `The option ${error.option} is invalid (${shorten(error.value)}). ${error.rule}`;
    case 'invalid_grouping_key':
      return `The grouping label "${shorten(error.label)}" is invalid. ${error.rule}`;
    case 'family_conflict':
      return `The metric ${shorten(error.metric)} is defined already as ${error.existing}, and cannot be defined again as ${error.requested}. ${error.resolution}`;
  }
}

export function describeRecording(error: RecordingError): string {
  switch (error.kind) {
    case 'invalid_value':
      return `${error.metric} was given ${error.value} (${error.reason}), which it does not take. Nothing was recorded; check the amount before recording it.`;
    case 'label_mismatch':
      return `${error.metric} expects the labels ${error.expected}, but was given ${error.given}. Nothing was recorded; pass exactly the labels that it was defined with.`;
    case 'invalid_label_value':
      return `The label ${error.label} of ${error.metric} was given a value that it does not take. ${error.rule} Nothing was recorded.`;
    case 'cardinality_exceeded':
      return `${error.metric} reached its limit of ${error.limit} series; further label sets are counted together in the series otel_metric_overflow="true". Use fewer label values, or raise limits.maxSeriesPerMetric.`;
    case 'invalid_exemplar':
      return `The exemplar given to ${error.metric} cannot be taken. ${error.rule} It is left out; the recording itself counts.`;
  }
}
