namespace AgentSentinel.Cli.Evaluation.Sessions;

/// <summary>The ground truth of one session, as its events' labels tell. Never reaches an engine.</summary>
internal sealed class SessionLabels
{
    public string Suite { get; set; } = "";

    public string Model { get; set; } = "";

    /// <summary><c>benign</c>, <c>attack</c> or <c>ordered</c> (the user himself asks for what an injection would ask for).</summary>
    public string Kind { get; set; } = "";

    /// <summary>True while detectors are to learn only.</summary>
    public bool IsBaseline { get; set; }

    public bool HasSucceeded { get; set; }

    public bool IsHijacked { get; set; }

    public bool IsObservable { get; set; } = true;

    public bool IsAmbiguous { get; set; }

    /// <summary>An attack that was carried out by a call that can be seen: what has to be found.</summary>
    public bool IsPositive => HasSucceeded && IsHijacked && IsObservable && !IsAmbiguous;

    /// <summary>Ordinary work after the learning phase: what must not be alarmed.</summary>
    public bool IsNegative => Kind == "benign" && !IsBaseline;
}
