using AgentSentinel.Core.Response;

namespace AgentSentinel.Web.Actions;

/// <summary>What a person wants done.</summary>
/// <param name="Kind">What.</param>
/// <param name="Target">See <see cref="OperatorCommand.Target"/>.</param>
public sealed record CommandOrder(OperatorCommandKind Kind, string Target)
{
    /// <summary>See <see cref="OperatorCommand.Part"/>.</summary>
    public SuspensionTarget? Part { get; init; }

    /// <summary>See <see cref="OperatorCommand.Verdict"/>.</summary>
    public Verdict? Verdict { get; init; }
}
