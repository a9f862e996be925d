using System.Globalization;
using System.Reflection;

namespace HangfireMySql.Tests;

public sealed class ChecklistTests
{
    [Fact]
    public void Each_item_of_the_checklist_has_a_test_that_names_it()
    {
        var named = typeof(ChecklistTests)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .SelectMany(method => method.GetCustomAttributes<TraitAttribute>())
            .Where(trait => trait.Name == "Item")
            .Select(trait => int.Parse(trait.Value, CultureInfo.InvariantCulture));
        Enumerable.Range(1, 124).Except(named).Should().BeEmpty();
    }
}
