using AgentSentinel.Web.Tests.Browser;

namespace AgentSentinel.Web.Tests;

/// <summary>One service and one browser for all tests that need them.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<RunningConsole>, ICollectionFixture<Chromium>
{
    public const string Name = "console";
}
