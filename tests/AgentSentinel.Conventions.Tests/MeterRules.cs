using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentSentinel.Conventions.Tests;

/// <summary>Where metrics are made, and how they are called.</summary>
internal static partial class MeterRules
{
    private const string Metrics = "System.Diagnostics.Metrics";

    public static IEnumerable<string> InSeveralFiles(SourceCompilation sources)
    {
        var files = Meters(sources).Select(node => node.SyntaxTree.FilePath)
            .Concat(Instruments(sources).Select(instrument => instrument.File.Path))
            .Distinct().ToArray();
        return files.Length > 1 ? files : [];
    }

    public static IEnumerable<string> BadNames(SourceCompilation sources) =>
        from instrument in Instruments(sources)
        let name = Argument(sources, instrument.File, instrument.Call, instrument.Method, "name")
        where name is null || !MetricName().IsMatch(name)
        select $"{SourceFile.At(instrument.Call)}: {name ?? "a name that is no constant"}";

    public static IEnumerable<string> WithoutUnit(SourceCompilation sources) =>
        from instrument in Instruments(sources)
        where string.IsNullOrEmpty(Argument(sources, instrument.File, instrument.Call, instrument.Method, "unit"))
        select SourceFile.At(instrument.Call);

    /// <summary>Tags that name an agent, a session or a call: each value would be a time series of its own.</summary>
    public static IEnumerable<string> UnboundedTags(SourceCompilation sources) =>
        from path in Instruments(sources).Select(instrument => instrument.File).Distinct()
        from literal in path.Unit.DescendantNodes().OfType<LiteralExpressionSyntax>()
        where literal.IsKind(SyntaxKind.StringLiteralExpression) && UnboundedTag().IsMatch(literal.Token.ValueText)
        select $"{SourceFile.At(literal)}: {literal.Token.ValueText}";

    private static IEnumerable<SyntaxNode> Meters(SourceCompilation sources) =>
        (from file in sources.Files
         let model = sources.Model(file)
         from node in file.Unit.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>()
         let type = model.GetTypeInfo(node).Type
         where type?.Name == "Meter" && type.ContainingNamespace.ToDisplayString() == Metrics
         select (SyntaxNode)node)
        .Concat(from use in sources.Uses(name => name == "Create")
                where SourceCompilation.OwnerOf(use.Symbol) is $"{Metrics}.IMeterFactory" or $"{Metrics}.MeterFactoryExtensions"
                select (SyntaxNode)use.Name);

    private static IEnumerable<(SourceFile File, InvocationExpressionSyntax Call, IMethodSymbol Method)> Instruments(SourceCompilation sources) =>
        from use in sources.Uses(name => name.StartsWith("Create", StringComparison.Ordinal))
        where use.Symbol is IMethodSymbol && SourceCompilation.OwnerOf(use.Symbol) == $"{Metrics}.Meter"
        let call = use.Name.FirstAncestorOrSelf<InvocationExpressionSyntax>()
        where call is not null
        select (use.File, call, (IMethodSymbol)use.Symbol);

    private static string? Argument(SourceCompilation sources, SourceFile file, InvocationExpressionSyntax call, IMethodSymbol method, string name)
    {
        var arguments = call.ArgumentList.Arguments;
        var position = method.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Ordinal ?? int.MaxValue;
        var argument = arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.Text == name)
            ?? (position < arguments.Count && arguments[position].NameColon is null ? arguments[position] : null);
        return argument is null ? null : sources.Model(file).GetConstantValue(argument.Expression).Value as string;
    }

    [GeneratedRegex(@"^sentinel\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"^(agent|session|call|credential|principal|trace|tool_?call)([._]?id)?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex UnboundedTag();
}
