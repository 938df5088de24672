namespace AgentSentinel.Service.Live;

/// <summary>What became of a command.</summary>
public enum CommandState
{
    /// <summary>It is in the journal, or on its way; nothing is known yet of what it leads to.</summary>
    Accepted,

    /// <summary>It was carried out, as far as it is the response side's to do: orders have gone to delivery.</summary>
    Done,

    /// <summary>It changed nothing: its target is not there (any more), or it was so already.</summary>
    NoEffect,

    /// <summary>It is in the journal since long: what it led to is in the audit.</summary>
    Recorded,
}
