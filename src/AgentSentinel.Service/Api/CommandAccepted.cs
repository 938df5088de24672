namespace AgentSentinel.Service.Api;

/// <summary>A command that is in the journal.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OutcomeUrl">Where to find out what became of it.</param>
internal sealed record CommandAccepted(string Id, string OutcomeUrl);
