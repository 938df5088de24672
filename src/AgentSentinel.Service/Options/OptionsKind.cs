namespace AgentSentinel.Service.Options;

/// <summary>The kinds of thing that an options property can hold.</summary>
internal enum OptionsKind
{
    /// <summary>One text.</summary>
    Value,

    /// <summary>Elements under the keys 0, 1, 2, ...</summary>
    List,

    /// <summary>Elements under names of the operator's choice.</summary>
    Map,

    /// <summary>A record with keys of its own.</summary>
    Section,
}
