namespace AgentSentinel.Service.Api;

/// <summary>Marks an endpoint that is not the API's and has its own way to tell who asks, or needs none: health, and what receivers of Shared Signals ask for.</summary>
internal sealed class OnEveryAddress
{
    public static readonly OnEveryAddress Instance = new();
}
