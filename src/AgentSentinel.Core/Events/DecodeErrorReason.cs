namespace AgentSentinel.Core.Events;

/// <summary>Why a record was refused. Each reason is a metric tag and stands in the dead letter.</summary>
public enum DecodeErrorReason
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>The record has no value, or nothing but white space.</summary>
    Empty,

    /// <summary>The record is longer than the limit.</summary>
    TooLarge,

    /// <summary>The record is not UTF-8, or an escape in a name or id spells half a surrogate pair.</summary>
    InvalidUtf8,

    /// <summary>The record is not one JSON value, or is nested too deeply.</summary>
    MalformedJson,

    /// <summary>The record is JSON but not an object.</summary>
    NotAnObject,

    /// <summary>A field of the contract occurs twice: which one is meant cannot be known.</summary>
    DuplicateField,

    /// <summary>A required field is absent, null or empty.</summary>
    MissingField,

    /// <summary>A field has another JSON type than the contract says.</summary>
    WrongType,

    /// <summary>A field of few allowed values has another one.</summary>
    UnknownValue,

    /// <summary>A name or id is longer than its limit.</summary>
    TooLong,

    /// <summary>A name or id has a control character.</summary>
    ControlCharacter,

    /// <summary>A size is negative.</summary>
    NegativeNumber,

    /// <summary>A size is not finite or over the limit.</summary>
    NumberOutOfRange,

    /// <summary>The time is not RFC 3339.</summary>
    InvalidTime,

    /// <summary>The time lies before the year 2000.</summary>
    TimeOutOfRange,

    /// <summary>The time lies further in the future than the allowed skew.</summary>
    TimeInFuture,
}
