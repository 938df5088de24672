using AgentSentinel.Core.Detection;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>The detectors that this project's run of the contract tests is about.</summary>
internal static class RegisteredDetectors
{
    internal static IReadOnlyList<Detector> Create() => Some.Detectors();
}
