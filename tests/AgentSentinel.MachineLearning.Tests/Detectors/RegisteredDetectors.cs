using AgentSentinel.Core.Detection;
using AgentSentinel.MachineLearning.Detectors;

namespace AgentSentinel.MachineLearning.Tests.Detectors;

/// <summary>The detectors that this project's run of the contract tests is about: all of ours, enabled.</summary>
internal static class RegisteredDetectors
{
    internal static IReadOnlyList<Detector> Create() => MachineLearningDetectors.Create(new MachineLearningOptions
    {
        MlIidSpike = new() { Enabled = true },
        MlIidChangePoint = new() { Enabled = true },
        MlSsaSpike = new() { Enabled = true },
        MlSsaChangePoint = new() { Enabled = true },
        MlSpectralResidual = new() { Enabled = true },
    });
}
