using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentSentinel.Conventions.Tests;

/// <summary>Nobody blocks a thread on a task, loses an exception in <c>async void</c>, or takes the time from elsewhere than a TimeProvider.</summary>
internal static class WaitingRules
{
    private const string Tasks = "System.Threading.Tasks";

    public static IEnumerable<string> Blocking(SourceCompilation sources) =>
        from use in sources.Uses(name => name is "Result" or "Wait" or "WaitAll" or "WaitAny" or "GetResult")
        where SourceCompilation.OwnerOf(use.Symbol) is $"{Tasks}.Task" or $"{Tasks}.ValueTask"
            || (use.Name.Identifier.Text == "GetResult" && SourceCompilation.OwnerOf(use.Symbol).StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal))
        select $"{SourceFile.At(use.Name)}: {use.Name.Parent}";

    public static IEnumerable<string> AsyncVoid(SourceCompilation sources) =>
        from file in sources.Files
        from node in file.Unit.DescendantNodes()
        let method = node switch
        {
            MethodDeclarationSyntax declared => (declared.Modifiers, declared.ReturnType, declared.Identifier),
            LocalFunctionStatementSyntax declared => (declared.Modifiers, declared.ReturnType, declared.Identifier),
            _ => default,
        }
        where method.ReturnType is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } && method.Modifiers.Any(SyntaxKind.AsyncKeyword)
        select $"{SourceFile.At(node)}: {method.Identifier}";

    public static IEnumerable<string> OwnClock(SourceCompilation sources) =>
        from use in sources.Uses(name => name is "UtcNow" or "Now" or "Today" or "Delay" or "Sleep")
        where SourceCompilation.OwnerOf(use.Symbol) is "System.DateTime" or "System.DateTimeOffset" or "System.Threading.Thread"
            || (SourceCompilation.OwnerOf(use.Symbol) == $"{Tasks}.Task" && use.Symbol is IMethodSymbol method && !method.Parameters.Any(parameter => parameter.Type.Name == nameof(TimeProvider)))
        select $"{SourceFile.At(use.Name)}: {use.Name.Parent}";
}
