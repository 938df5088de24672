using System.CommandLine;
using AgentSentinel.Service.Options;

namespace AgentSentinel.Cli.Evaluation;

/// <summary>One way to measure the detectors, with the options that only it has. The first mode that is asked for runs.</summary>
internal interface IEvaluationMode
{
    /// <summary>How to ask for it, for the error when nothing was asked for.</summary>
    string Usage { get; }

    void AddTo(Command command);

    bool IsAsked(ParseResult arguments);

    /// <returns>The exit code.</returns>
    int Run(ParseResult arguments, SentinelOptions options);
}
