namespace AgentSentinel.Core.Events;

/// <summary>How much harm it does when data get to where they do not belong. Ordered: the higher weighs more.</summary>
public enum Sensitivity
{
    /// <summary>Anybody may see it.</summary>
    Public,

    /// <summary>For everybody inside: what nothing else is known of.</summary>
    Internal,

    /// <summary>For some inside: customers, money, contracts.</summary>
    Confidential,

    /// <summary>For very few: pay, health, secrets.</summary>
    Restricted,
}
