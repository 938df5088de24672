namespace AgentSentinel.Service.Suspension;

/// <summary>What the receiver said when it was asked, after an order, how things stand. Numbers are stored: never renumber.</summary>
internal enum ReadBack
{
    /// <summary>It was not asked, or gave no answer that can be read.</summary>
    None = 0,

    /// <summary>It is as ordered.</summary>
    Verified = 1,

    /// <summary>It is not as ordered, whatever was answered to the order.</summary>
    Contradicted = 2,

    /// <summary>There is no way to ask.</summary>
    NotVerifiable = 3,
}
