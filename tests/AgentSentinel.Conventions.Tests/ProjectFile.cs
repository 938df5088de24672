using System.Xml.Linq;

namespace AgentSentinel.Conventions.Tests;

/// <summary>A project file, and what it says.</summary>
internal sealed record ProjectFile(string Path, string Text)
{
    private readonly XElement _root = XElement.Parse(Text);

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsTest => Repository.IsBelow(Path, "tests");

    public IEnumerable<string> References =>
        Items("ProjectReference").Select(item => System.IO.Path.GetFileNameWithoutExtension(((string?)item.Attribute("Include") ?? "").Replace('\\', '/')));

    /// <summary>Packages that go into the product; those for the build only (<c>PrivateAssets="all"</c>) do not.</summary>
    public IEnumerable<string> Packages =>
        Items("PackageReference")
            .Where(item => ((string?)item.Attribute("PrivateAssets") ?? (string?)item.Element("PrivateAssets")) != "all")
            .Select(item => (string?)item.Attribute("Include") ?? (string?)item.Attribute("Update") ?? "");

    public bool HasGlobalUsings => Items("Using").Any();

    public IEnumerable<XElement> Items(string name) => _root.Descendants().Where(element => element.Name.LocalName == name);
}
