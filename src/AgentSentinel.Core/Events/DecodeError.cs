namespace AgentSentinel.Core.Events;

/// <summary>Why a record was refused, and at which field.</summary>
/// <param name="Reason">The named reason.</param>
/// <param name="Field">The event's own field name (one of the contract's, never text from the record), or null when the whole record is at fault.</param>
public readonly record struct DecodeError(DecodeErrorReason Reason, string? Field = null)
{
    /// <summary>The reason as it is written to dead letters and metric tags: snake_case, of bounded cardinality.</summary>
    public string ReasonName => Reason switch
    {
        DecodeErrorReason.None => "none",
        DecodeErrorReason.Empty => "empty",
        DecodeErrorReason.TooLarge => "too_large",
        DecodeErrorReason.InvalidUtf8 => "invalid_utf8",
        DecodeErrorReason.MalformedJson => "malformed_json",
        DecodeErrorReason.NotAnObject => "not_an_object",
        DecodeErrorReason.DuplicateField => "duplicate_field",
        DecodeErrorReason.MissingField => "missing_field",
        DecodeErrorReason.WrongType => "wrong_type",
        DecodeErrorReason.UnknownValue => "unknown_value",
        DecodeErrorReason.TooLong => "too_long",
        DecodeErrorReason.ControlCharacter => "control_character",
        DecodeErrorReason.NegativeNumber => "negative_number",
        DecodeErrorReason.NumberOutOfRange => "number_out_of_range",
        DecodeErrorReason.InvalidTime => "invalid_time",
        DecodeErrorReason.TimeOutOfRange => "time_out_of_range",
        DecodeErrorReason.TimeInFuture => "time_in_future",
        _ => throw new InvalidOperationException($"Unnamed reason {(int)Reason}."),
    };
}
